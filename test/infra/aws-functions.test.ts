import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions, type FunctionName } from '../../infra/bundle/functions.js';
import { type DomainName, domains, type RunnerName, runners } from '../../shared/catalog.js';
import type { Contract } from '../../shared/http/contract.js';
import { mayKey, needsOf } from './aws-rights.js';

/** The built functions, each in a process of its own as on Lambda, with a stand-in for the secret store and KMS alone. */
let folder: string;
let store: Server;
const asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gongzhi-functions-'));
  await bundleFunctions(folder);
  await writeFile(path.join(folder, 'call.mjs'), call);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const answers: Record<string, (asked: { SecretId: string }) => unknown> = {
    'secretsmanager.GetSecretValue': ({ SecretId }) => ({
      SecretString: SecretId.startsWith('outside') ? '{}' : 'a look-up secret of forty-eight characters or more',
    }),
    'TrentService.GetPublicKey': () => ({ PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }),
  };
  store = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const target = String(request.headers['x-amz-target']);
      const { SecretId, KeyId } = JSON.parse(body);
      asked.push(`${target} ${SecretId ?? KeyId}`);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify(answers[target]?.({ SecretId })));
    });
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => store.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** Loads a function, hands it the events one after the other, and writes what came of each. */
const call = `
import { readFileSync, writeFileSync } from 'node:fs';
const [, , name, file] = process.argv;
const { handler } = await import(\`./\${name}/index.mjs\`);
const answers = [];
for (const event of JSON.parse(readFileSync(file, 'utf8'))) {
  answers.push(await handler(event, {}).then((result) => ({ result }), (error) => ({ thrown: error.name })));
}
writeFileSync(file, JSON.stringify(answers));
`;

interface Answer {
  readonly result?: { readonly statusCode: number; readonly body: string };
  readonly thrown?: string;
}

async function answersOf(name: string, events: readonly unknown[]): Promise<Answer[]> {
  const file = path.join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(events));
  const { port } = store.address() as AddressInfo;
  // Nothing of this machine's own environment: a function has what Lambda and its stack give it.
  const env = {
    AWS_REGION: 'ap-southeast-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${port}`,
    SIGNING_KEYS: JSON.stringify([{ arn: `key of ${name}`, signsFrom: '2026-01-01T00:00:00.000Z' }]),
    PERSONAL_KEY_ARN: `personal key of ${name}`,
    LOOK_UP_SECRET_ARN: `secret of ${name}`,
    OUTSIDE_SECRET_ARN: `outside secret of ${name}`,
  };
  await promisify(execFile)(process.execPath, [path.join(folder, 'call.mjs'), name, file], { env, timeout: 30_000 });
  return JSON.parse(await readFile(file, 'utf8'));
}

const eventOf = (routeKey: string) => {
  const [method, rawPath] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: {},
    requestContext: { requestId: 'test', http: { method, path: rawPath, sourceIp: '127.0.0.1' } },
    isBase64Encoded: false,
  };
};

test.each(Object.keys(domains) as DomainName[])(
  'the built %s function starts, and turns away whoever comes without a token',
  async (name) => {
    const contract: Contract = domains[name].contract;
    const guarded = Object.entries(contract).flatMap(([key, { who }]) => (who === 'anyone' ? [] : [key]));
    expect(guarded).not.toEqual([]);
    const answers = await answersOf(name, guarded.map(eventOf));
    expect(answers.map(({ result }) => [result?.statusCode, JSON.parse(result?.body ?? '{}').code])).toEqual(
      guarded.map(() => [401, 'sign_in_needed']),
    );
    expect(secretsAskedBy(name)).toEqual(secretsOf(name));
  },
);

/** Functions read the secrets that the catalogue lets them, and no others: the stack would refuse them. */
const secretsOf = (name: FunctionName) => [
  ...(mayKey(name, 'personal') ? [`secretsmanager.GetSecretValue secret of ${name}`] : []),
  ...(needsOf[name].reachesOut ? [`secretsmanager.GetSecretValue outside secret of ${name}`] : []),
];
const secretsAskedBy = (name: FunctionName) => [
  ...new Set(
    asked
      .filter((request) => /^secretsmanager/.test(request) && request.endsWith(`secret of ${name}`))
      .sort()
      .reverse(),
  ),
];

test('the built sessions function publishes the keys of tokens', async () => {
  const [answer] = await answersOf('sessions', [eventOf('GET /.well-known/jwks.json')]);
  const { keys } = JSON.parse(answer?.result?.body ?? '{}');
  expect(keys).toEqual([
    { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), kid: expect.any(String), alg: 'ES256', use: 'sig' },
  ]);
  expect(asked).toContain('TrentService.GetPublicKey key of sessions');
});

test.each(Object.keys(runners) as RunnerName[])('the built %s function starts, and runs no job that it does not know', async (name) => {
  expect(await answersOf(name, [{ job: 'forget-everything', scheduledAt: '2026-11-23T02:00:00Z' }])).toEqual([{ thrown: '$ZodError' }]);
  expect(secretsAskedBy(name)).toEqual(secretsOf(name));
});

test('the built pages function starts, and finds nothing where nothing is', async () => {
  const [answer] = await answersOf('pages', [{ ...eventOf('$default'), rawPath: '/nowhere', requestContext: { http: { method: 'PUT' } } }]);
  expect(answer?.result?.statusCode).toBe(404);
});
