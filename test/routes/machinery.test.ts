import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { dispatch } from '../../functions/http/dispatch.js';
import { router } from '../../infra/local/routes.js';
import { contract } from '../../shared/catalog.js';
import { type Contract, commonFailures, NoContent, type Route } from '../../shared/http/contract.js';
import { Failure, failures } from '../../shared/http/failures.js';
import { languageOf, problemOf } from '../../shared/http/problem.js';
import { useCity } from '../support/city.js';

const city = useCity();
const send = (path: string, init: RequestInit = {}) => fetch(city.url + path, { method: 'POST', ...init });
const json = { 'content-type': 'application/json' };

describe('the door of the service', () => {
  test.each([
    ['an unknown address', '/v1/nothing', {}, 404, 'route_not_found'],
    ['a known address under another method', '/v1/areas', {}, 404, 'route_not_found'],
    ['a body that is no JSON', '/v1/sign-in/codes', { headers: json, body: '{"phone":' }, 400, 'malformed_json'],
    ['an empty body', '/v1/sign-in/codes', { headers: json }, 400, 'malformed_json'],
    ['a body that is no UTF-8', '/v1/sign-in/codes', { headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) }, 400, 'malformed_json'],
    [
      'a form',
      '/v1/sign-in/codes',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
      415,
      'content_type_not_supported',
    ],
    ['a body over 6 MB', '/v1/sign-in/codes', { headers: json, body: 'x'.repeat(6 * 1024 * 1024 + 1) }, 413, 'body_too_large'],
  ] as const)('%s is refused as a problem', async (_, path, init, status, code) => {
    const response = await send(path, init as RequestInit);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code, type: `/problems/${code}`, title: failures[code].zh });
  });

  test('JSON with a charset is JSON', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await send('/v1/sign-in/codes', { headers, body: '{"phone":"19900700001"}' })).status).toBe(204);
  });

  test('every wrong field is named with its rule, in the language of the reader', async () => {
    const bureau = await city.someone('bureau');
    const ask = async (language: string) => {
      const response = await fetch(`${city.url}/v1/rollups/2025-W53?limit=0&level=planet`, {
        headers: { authorization: `Bearer ${await bureau.token()}`, 'accept-language': language },
      });
      return (await response.json()) as { detail: string; fields: { path: string; code: string; message: string }[] };
    };
    const zh = await ask('zh-CN,zh;q=0.9,en;q=0.8');
    const en = await ask('en-GB,en;q=0.9');
    expect(zh.fields.map(({ path, code }) => [path, code])).toEqual([
      ['week', 'no_such_week'],
      ['level', 'invalid_value'],
      ['limit', 'too_small'],
    ]);
    expect(zh.fields[2]?.message).toBe('至少 1');
    expect(en.fields[2]?.message).toBe('must be at least 1');
    expect(en.detail).toContain('must be one of district | street | community | site');
  });

  test.each(['Bearer', 'Bearer x', 'Basic YTpi', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'])(
    '%s signs nobody in',
    async (authorization) => {
      const response = await fetch(`${city.url}/v1/me`, { headers: { authorization } });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    },
  );

  test('a path that cannot be decoded is a wrong path, not a fault', async () => {
    const manager = await city.someone('manager');
    const response = await fetch(`${city.url}/v1/sites/%zz`, { headers: { authorization: `Bearer ${await manager.token()}` } });
    expect(response.status).toBe(400);
  });
});

test('a refusal names a key of megabytes by its beginning, and half a character far down by where it begins', async () => {
  const long = await send('/v1/sign-in/codes', { headers: json, body: JSON.stringify({ phone: 'x', ['k'.repeat(3_000_000)]: 1 }) });
  expect((await long.text()).length).toBeLessThan(5_000);
  const deep = `${'['.repeat(200_000)}"\\ud800"${']'.repeat(200_000)}`;
  const started = await send('/v1/sign-in/codes', { headers: json, body: deep });
  expect(started.status).toBe(400);
  expect((await started.text()).length).toBeLessThan(5_000);
});

test('a page that points another name at this machine is not answered', async () => {
  const { request } = await import('node:http');
  const status = await new Promise((resolve) => {
    request(`${city.url}/v1/areas`, { headers: { host: 'evil.invalid' } }, (response) => resolve(response.statusCode)).end();
  });
  expect(status).toBe(404);
});

describe('a dispatcher', () => {
  const tiny = {
    'GET /v1/leak': { who: 'anyone', summary: '', ok: z.object({ shown: z.string() }) },
    'GET /v1/wrong': { who: 'anyone', summary: '', ok: z.object({ shown: z.string() }) },
    'GET /v1/unlisted': { who: 'anyone', summary: '', ok: NoContent },
    'GET /v1/thrown': { who: 'anyone', summary: '', ok: NoContent },
  } as const satisfies Contract;
  const service = () =>
    dispatch(
      tiny,
      {
        'GET /v1/leak': async () => ({ shown: 'yes', secret: 'no' }) as { shown: string },
        'GET /v1/wrong': async () => ({ shown: 1 }) as unknown as { shown: string },
        'GET /v1/unlisted': async () => {
          throw new Failure('site_not_found');
        },
        'GET /v1/thrown': async () => {
          throw new Error('the password is hunter2');
        },
      },
      {},
      { ...city.service.ports, now: () => new Date() },
    );
  const ask = (routeKey: string) =>
    service()({ routeKey, headers: {}, requestContext: { http: { sourceIp: '' } } } as unknown as APIGatewayProxyEventV2);

  test('lets nothing out that the contract does not declare', async () => {
    expect((await ask('GET /v1/leak')).body).toBe('{"shown":"yes"}');
  });
  test.each(['GET /v1/wrong', 'GET /v1/unlisted', 'GET /v1/thrown'])(
    'answers a fault of ours as such, and tells nothing (%s)',
    async (key) => {
      const { statusCode, body = '' } = await ask(key);
      expect([statusCode, JSON.parse(body).code]).toEqual([500, 'internal_error']);
      expect(body).not.toContain('hunter2');
    },
  );
});

describe('the contract', () => {
  const routes = Object.entries(contract as Record<string, Route>);
  test.each(routes)('%s shows examples that its own schemas accept', (_, { body, ok, example }) => {
    if (body) expect(example?.body, 'a route with a body shows one').toBeDefined();
    if (example?.body !== undefined) expect(body?.safeParse(example.body).error?.issues).toBeUndefined();
    if (example?.ok !== undefined) expect(ok.safeParse(example.ok).error?.issues).toBeUndefined();
  });
  test.each(routes)('%s declares a schema for every variable of its path', (key, { path }) => {
    const variables = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(path?.def.shape ?? {}).sort()).toEqual(variables.sort());
  });
  test('says every refusal in Chinese and in English, in words of its own', () => {
    for (const [code, { status, zh, en }] of Object.entries(failures)) {
      expect(zh, code).toMatch(/[\u4e00-\u9fff]/);
      expect(en, code).toMatch(/^[A-Z]/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
    const words = Object.values(failures).map(({ en }) => en);
    expect(new Set(words).size).toBe(words.length);
  });
  test('lists no refusal that no route gives', () => {
    const listed = new Set(routes.flatMap(([, { fails = [] }]) => fails));
    const common: readonly string[] = commonFailures;
    expect(Object.keys(failures).filter((code) => !common.includes(code) && !listed.has(code as never))).toEqual([]);
  });
});

test('the language is the first choice of the reader, Chinese unless that is English', () => {
  expect([languageOf(undefined), languageOf('en'), languageOf('zh-CN,en;q=0.5'), languageOf('fr,en'), languageOf('en-US,zh')]).toEqual([
    'zh-CN',
    'en',
    'zh-CN',
    'zh-CN',
    'en',
  ]);
});

test('a field fault without words of its own is still named', () => {
  expect(problemOf(new Failure('invalid_request', { fields: [{ path: 'x', code: 'odd' }] }), 'en').fields?.[0]?.message).toBe('odd');
});

test('of two routes that fit, the more literal one answers', () => {
  const match = router(
    new Map([
      ['GET /v1/{any}', 1],
      ['GET /v1/me', 2],
      ['$default', 3],
    ]),
  );
  expect([match('GET', '/v1/me')?.target, match('GET', '/v1/you')?.target, match('POST', '/v1/me')?.target]).toEqual([2, 1, 3]);
  expect(match('GET', '/v1/%E8%93%A2')?.pathParameters).toEqual({ any: '蓢' });
});

test('half a character is refused by field, wherever it stands', async () => {
  const bureau = await city.someone('bureau');
  const put = async (body: string) => {
    const headers = { ...json, authorization: `Bearer ${await bureau.token()}` };
    const response = await fetch(`${city.url}/v1/sites/${crypto.randomUUID()}`, { method: 'PUT', headers, body });
    return [
      response.status,
      ((await response.json()) as { fields?: { path: string; code: string }[] }).fields?.map(({ path, code }) => `${path} ${code}`),
    ];
  };
  const site = (name: string) => `{"name":"${name}","siteType":"school","areaCode":"440311001005"}`;
  expect(await put(site('\\ud800'))).toEqual([400, ['name not_well_formed']]);
  expect(await put(site('\\udfff\\ud800'))).toEqual([400, ['name not_well_formed']]);
  expect(await put(site('\\ud83d\\udc36'))).toEqual([200, undefined]);
  expect(await put(`{"a":${'['.repeat(50_000)}"\\ud800"${']'.repeat(50_000)}}`)).toEqual([400, expect.anything()]);
});

test.each([
  ['a name of nothing visible', '\u200b', 'nothing_visible'],
  ['a name of a mark alone', '\ufe0f', 'nothing_visible'],
  ['a name of a filler alone', '\u3164', 'nothing_visible'],
  ['a name with a null in it', 'a\u0000b', 'control_characters'],
  ['a name of two lines', 'a\nb', 'control_characters'],
  ['a name of spaces', '   ', 'too_small'],
])('%s is refused', async (_, name, code) => {
  const bureau = await city.someone('bureau');
  const headers = { ...json, authorization: `Bearer ${await bureau.token()}` };
  const body = JSON.stringify({ name, siteType: 'school', areaCode: '440311001005' });
  const response = await fetch(`${city.url}/v1/sites/${crypto.randomUUID()}`, { method: 'PUT', headers, body });
  expect(await response.json()).toMatchObject({ fields: [{ path: 'name', code }] });
});

test('no body, whatever it is, brings the service down', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (body) => {
      const response = await send('/v1/sign-in', { headers: json, body });
      expect(response.status).toBeLessThan(500);
    }),
    { numRuns: 100 },
  );
});

test('a request line that is no address is answered, and the next one too', async () => {
  const { connect } = await import('node:net');
  const { port } = new URL(city.url);
  const raw = (line: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`));
      let text = '';
      socket.on('data', (data) => (text += data));
      socket.on('close', () => resolve(text.slice(0, 12)));
    });
  for (const line of ['GET //[ HTTP/1.1', 'GET http://[ HTTP/1.1', 'GET /%00 HTTP/1.1', 'OPTIONS * HTTP/1.1']) {
    expect(await raw(line)).toMatch(/^HTTP\/1\.1 4\d\d/);
  }
  expect((await fetch(`${city.url}/v1/areas`)).status).toBe(200);
});
