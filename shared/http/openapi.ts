import * as z from 'zod/mini';
import { type Contract, commonFailures, Redirect, type Route } from './contract.js';
import { type FailureCode, failures } from './failures.js';

type Json = Record<string, unknown>;

/** The contracts as OpenAPI 3.1 says them: what stands here is what the dispatcher enforces, since both read the same schemas. */
export function openApiOf(domains: Readonly<Record<string, { contract: Contract; summary: string }>>, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [domain, { contract }] of Object.entries(domains)) {
    for (const [key, route] of Object.entries(contract)) {
      const [method = '', path = ''] = key.split(' ');
      paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(domain, method, path, route) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gongzhi 共治',
      version,
      summary: 'Public participation in garbage sorting and civilised dog-keeping',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(domains).map(([name, { summary }]) => ({ name, description: summary })),
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        sessionCookie: { type: 'apiKey', in: 'cookie', name: 'gongzhi_session' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operationOf(domain: string, method: string, path: string, route: Route): Json {
  return {
    operationId: `${method.toLowerCase()}${path
      .replace(/^\/v1/, '')
      .replace(/[^a-z0-9]+(\w)/gi, (_, letter: string) => letter.toUpperCase())
      .replace(/\W/g, '')}`,
    summary: route.summary,
    ...(route.who === 'anyone' ? {} : { description: `Roles: ${route.who.join(', ')}` }),
    tags: [domain],
    security: route.cookie ? [{ sessionCookie: [] }] : route.who === 'anyone' ? [] : [{ accessToken: [] }],
    parameters: [...parametersOf('path', route.path), ...parametersOf('query', route.query)],
    ...bodyOf(route),
    responses: {
      ...doneOf(route),
      ...problemsOf(route),
    },
  };
}

function doneOf({ ok, documents = [], example }: Route): Json {
  if (ok === Redirect) {
    const Location = { description: 'Where the browser goes on', schema: { type: 'string' } };
    return { 303: { description: 'The browser is sent on', headers: { Location } } };
  }
  if (ok instanceof z.ZodMiniUndefined) return { 204: { description: 'Done; there is nothing to say' } };
  const pages = Object.fromEntries(documents.map((type) => [type, { schema: { type: 'string' } }]));
  return { 200: { description: 'Done', content: { 'application/json': jsonOf(ok, 'output', example?.ok), ...pages } } };
}

function bodyOf({ body, bodyTypes, example }: Route): Json {
  const binary = { schema: { type: 'string', format: 'binary' } };
  if (bodyTypes) return { requestBody: { required: true, content: Object.fromEntries(bodyTypes.map((type) => [type, binary])) } };
  return body ? { requestBody: { required: true, content: { 'application/json': jsonOf(body, 'input', example?.body) } } } : {};
}

function jsonOf(schema: z.ZodMiniType, io: 'input' | 'output', example: unknown): Json {
  return { schema: schemaOf(schema, io), ...(example === undefined ? {} : { example }) };
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json;
  return rest;
}

function parametersOf(place: 'path' | 'query', schema: z.ZodMiniObject | undefined): Json[] {
  if (!schema) return [];
  const { required = [], properties: sent = {} } = schemaOf(schema, 'input') as { required?: string[]; properties?: Record<string, Json> };
  // A value of a query arrives as text: what it is read as says more than what it is sent as.
  const { properties: read = {} } = schemaOf(schema, 'output') as { properties?: Record<string, Json> };
  return Object.entries(read).map(([name, shown]) => {
    const usual = sent[name]?.default;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: usual === undefined ? shown : { ...shown, default: usual },
    };
  });
}

/** One response a status, with the codes it may carry. */
function problemsOf(route: Route): Json {
  const shared = commonFailures.filter((code) => {
    if (code === 'malformed_json' || code === 'content_type_not_supported' || code === 'body_too_large')
      return route.body || route.bodyTypes;
    if (code === 'sign_in_needed' || code === 'role_not_allowed') return route.who !== 'anyone';
    if (code === 'session_ended') return route.who !== 'anyone' || route.cookie;
    if (code === 'cross_site') return route.cookie;
    if (code === 'too_many_requests') return route.limits;
    return code !== 'route_not_found';
  });
  const byStatus = new Map<number, FailureCode[]>();
  for (const code of [...shared, ...(route.fails ?? [])]) {
    const { status } = failures[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${failures[code].en}`).join('; '),
        ...(status === 429 ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

const problemSchema: Json = {
  type: 'object',
  description: 'A refusal, as RFC 9457 writes it',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(failures) },
    detail: { type: 'string' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: {
          path: { type: 'string', description: 'Dotted: `householdNos.3`' },
          code: { type: 'string' },
          limit: { type: ['number', 'string'] },
          unit: { type: 'string', enum: ['items', 'characters'] },
          message: { type: 'string' },
        },
      },
    },
  },
};
