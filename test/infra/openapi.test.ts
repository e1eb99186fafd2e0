import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { contract, domains } from '../../shared/catalog.js';
import { openApiOf } from '../../shared/http/openapi.js';

const document = openApiOf(domains, '0.0.0') as { openapi: string; paths: Record<string, Record<string, { requestBody?: unknown }>> };

test('the OpenAPI document holds up to the linter, its examples included', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      // Health and sign-out cannot fail by the caller's fault.
      'operation-4xx-response': 'off',
      // A route that sends the browser on has nothing to say itself.
      'operation-2xx-response': 'off',
      'no-invalid-media-type-examples': 'error',
      // The document is served by the service that it describes.
      'no-server-example.com': 'off',
    },
  });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
});

test('every operation says what it answers when all is well', () => {
  for (const methods of Object.values(document.paths)) {
    for (const { responses = {} } of Object.values(methods) as { responses?: object }[]) {
      expect(Object.keys(responses).filter((status) => ['200', '204', '303'].includes(status))).toHaveLength(1);
    }
  }
});

test('the OpenAPI document has every route of the contract and no other', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(document.openapi).toBe('3.1.0');
  expect(operations.sort()).toEqual(Object.keys(contract).sort());
});
