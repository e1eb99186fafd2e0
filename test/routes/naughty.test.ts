import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { contract, type ServiceContract } from '../../shared/catalog.js';
import { type Call, createClient } from '../../shared/http/client.js';
import { type Problem, type Role, type Route, roles } from '../../shared/http/contract.js';
import { noticeInForce } from '../../shared/privacy/notices.js';
import { cityDay } from '../../shared/time/day.js';
import { cuihu, guangming, nextPhone, type Someone, useCity } from '../support/city.js';
import { type Asked, functionsOf } from '../support/functions.js';
import { useLog } from '../support/logged.js';
import { bigListIsHere, naughty, ownNaughty } from '../support/naughty.js';
import { nameOf, pathOf, type TextField, textFields } from '../support/text-fields.js';

/*
 * Every naughty string goes into every text field of every route, with all else as it should be. What the schema of a
 * field refuses is sent with one such string in each field of the route at once, since a refusal names them all; what it
 * accepts is sent alone or, where it is kept, with its neighbours, and read back.
 */
const city = useCity();
const log = useLog();
const routes = contract as Record<string, Route>;
const withText = [...new Set(textFields.map(({ routeKey }) => routeKey))];
const week = '2026-W47';
const people = {} as Record<Role, Someone>;
let ask: ReturnType<typeof functionsOf>;
/** A valid value for every variable of a path. */
let valid: Record<string, string>;

beforeAll(async () => {
  ask = functionsOf(city.service.ports);
  for (const role of roles) people[role] = await city.someone(role, role === 'officer' ? guangming : undefined);
  await city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock, week });
  const { bureau, manager, resident } = people;
  const [siteId, batchId, personId] = [await city.estate(3, { manager }), randomUUID(), resident.caller.personId];
  await logRound(manager.call, siteId, batchId);
  const reveal = { path: { personId }, body: { reason: '核对', fields: ['name' as const] } };
  const { revealId } = await bureau.call('POST /v1/people/{personId}/reveals', reveal);
  valid = { siteId, batchId, personId, revealId, sessionId: randomUUID(), week, areaCode: guangming, purpose: 'event_reminders' };
});

/** What a route needs beside its example, where it needs more. */
const beside: Record<string, () => Asked> = {
  'GET /v1/sites/{siteId}/check-ins': () => ({ query: { checkInDay: cityDay(city.clock) } }),
  'GET /v1/areas/{areaCode}/trend': () => ({ query: { from: week, to: week } }),
  'GET /v1/job-runs': () => ({ query: { job: 'purge' } }),
  'GET /v1/audit': () => ({ query: { personId: valid.personId as string, day: cityDay(city.clock) } }),
  'GET /v1/wechat/signature': () => ({ query: { url: 'http://localhost/' } }),
  'GET /v1/sign-in/wechat/callback': () => ({ query: { state: 'a'.repeat(48) } }),
  'PATCH /v1/me': () => ({ body: { identity: { kind: 'passport', number: 'E12345678' } } }),
  'PUT /v1/staff/{personId}': () => ({ path: { personId: '11111111-1111-4111-8111-111111111111' } }),
  'PUT /v1/me/consents/{purpose}': () => ({
    body: { guardian: { name: '监护人', relation: '母亲', phone: '19900990000', code: '123456' } },
  }),
  'POST /v1/sites/{siteId}/households/import': () => ({ body: '楼栋,单元,房号,是否入住\n1,1,1,是\n' }),
  'PUT /v1/sites/{siteId}/manager': () => ({ body: { personId: people.manager.caller.personId } }),
};
function request(routeKey: string) {
  const { path, query = {}, body } = beside[routeKey]?.() ?? {};
  const variables = [...routeKey.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, valid[name] as string]);
  const example = routes[routeKey]?.example?.body as object | undefined;
  return {
    path: { ...Object.fromEntries(variables), ...path } as Record<string, string>,
    query: { ...query } as Record<string, string>,
    body: example ? { ...structuredClone(example), ...(body as object) } : body,
  };
}
function put(asked: Asked, { part, at }: TextField, text: string): void {
  let place = asked[part] as Record<string, unknown>;
  for (const step of at.slice(0, -1)) place = place[step] as Record<string, unknown>;
  // An address is encoded, and half a character cannot be.
  place[at.at(-1) as string] = part === 'body' ? text : text.toWellFormed();
}
const accepts = ({ schema, part }: TextField, text: string) =>
  part === 'body' ? text.isWellFormed() && schema.safeParse(text).success : schema.safeParse(text.toWellFormed()).success;

const whoMay = ({ who }: Route) =>
  who === 'anyone'
    ? undefined
    : (['bureau', 'officer', 'manager'] as const).map((role) => people[role]).find(({ caller }) => who.includes(caller.role));

interface Answer {
  readonly status: number;
  readonly problem?: Problem | undefined;
}
async function byFunction(routeKey: string, asked: Asked): Promise<Answer> {
  const { statusCode = 200, headers = {}, body } = await ask(routeKey, asked);
  return { status: statusCode, problem: headers['content-type'] === 'application/problem+json' ? JSON.parse(body ?? '') : undefined };
}
async function byHttp(routeKey: string, { token, path = {}, query = {}, body }: Asked): Promise<Answer> {
  const [method = '', template = ''] = routeKey.split(' ');
  const address = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name] ?? ''));
  const headers = {
    'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${city.url}${address}?${new URLSearchParams(query)}`, { method, headers, redirect: 'manual', ...sent });
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  const text = await response.text();
  return { status: response.status, problem: isProblem ? JSON.parse(text) : undefined };
}

/** What is amiss with an answer, if anything: a refusal names every field, or is of one and on the list of its route. */
function amiss({ status, problem }: Answer, fields: readonly TextField[]): string[] {
  if (status < 400) return [];
  const named = fields.every((field) => problem?.fields?.some(({ path }) => path === pathOf(field)));
  const [only, ...more] = fields;
  const listed = more.length === 0 && [...(routes[only?.routeKey ?? '']?.fails ?? []), 'route_not_found'].includes(problem?.code ?? '');
  if (status < 500 && (named || listed)) return [];
  return [`${status} ${problem?.code} ${problem?.fields?.map(({ path }) => path)} for ${fields.map(nameOf)}`];
}

/** Which strings each field was given. */
const given = new Map<string, Set<string>>(textFields.map((field) => [nameOf(field), new Set()]));
const give = (field: TextField, text: string) => void given.get(nameOf(field))?.add(text);

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>, atOnce = 8): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
/** Sends requests to a route; the clock moves on by a window before they become too many. Answers what was amiss. */
async function sendAll(routeKey: string, requests: readonly (readonly [TextField, string][])[], send = byFunction): Promise<string[]> {
  const route = routes[routeKey] as Route;
  const { limits = [] } = route;
  const most = Math.min(requests.length || 1, ...limits.map((limit) => limit.most));
  const found: string[] = [];
  for (let i = 0; i < requests.length; i += most) {
    if (limits.length) city.clock = new Date(city.clock.getTime() + Math.max(...limits.map(({ windowSeconds }) => windowSeconds)) * 1000);
    const token = await whoMay(route)?.token();
    await each(requests.slice(i, i + most), async (texts) => {
      const asked = { ...request(routeKey), token };
      for (const [field, text] of texts) {
        put(asked, field, text);
        give(field, text);
      }
      found.push(
        ...amiss(
          await send(routeKey, asked),
          texts.map(([field]) => field),
        ).map((what) => `${what} given ${JSON.stringify(texts.map(([, text]) => text.slice(0, 60)))}`),
      );
    });
  }
  return found;
}
/** Half a character is refused before any schema is asked, the first of them alone. */
const [whole, broken] = [naughty.filter((text) => text.isWellFormed()), naughty.filter((text) => !text.isWellFormed())];
const fieldsOf = (routeKey: string) => textFields.filter((field) => field.routeKey === routeKey);

describe('over HTTP, a nasty string', () => {
  test.each(withText)('is kept, or refused by name, in every field of %s', async (routeKey) => {
    const requests = fieldsOf(routeKey).flatMap((field) => ownNaughty.map((text): [TextField, string][] => [[field, text]]));
    expect(await sendAll(routeKey, requests, byHttp)).toEqual([]);
  });
});

/** Fields that are kept, by the names of their schemas' places. They are read back below. */
const kept = new Set<string>();
function keeping(routeKey: string, ...at: string[]): { field: TextField; texts: string[] } {
  const field = fieldsOf(routeKey).find((one) => one.part === 'body' && pathOf(one) === at.join('.'));
  if (!field) throw new Error(`${routeKey} has no field ${at}`);
  kept.add(nameOf(field));
  const texts = naughty.filter((text) => accepts(field, text));
  return { field, texts };
}
const own = {
  name: keeping('PATCH /v1/me', 'name'),
  line: keeping('PATCH /v1/me', 'home', 'line'),
  staff: keeping('PUT /v1/staff/{personId}', 'name'),
  site: keeping('PUT /v1/sites/{siteId}', 'name'),
  address: keeping('PUT /v1/sites/{siteId}', 'address'),
  organisation: keeping('PUT /v1/sites/{siteId}/manager', 'organisation'),
  label: keeping('PUT /v1/sites/{siteId}/households', 'households', '0', 'label'),
  undo: keeping('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', 'reason'),
  revision: keeping('POST /v1/rollups/{week}/revisions', 'reason'),
  reveal: keeping('POST /v1/people/{personId}/reveals', 'reason'),
  guardian: keeping('PUT /v1/me/consents/{purpose}', 'guardian', 'name'),
  relation: keeping('PUT /v1/me/consents/{purpose}', 'guardian', 'relation'),
};

/** Looked at only where the state is known: it has a test of its own. */
const codeOfWeChat = 'GET /v1/sign-in/wechat/callback query code';

describe('every string of the lists', () => {
  test.each(withText)('that the schemas of %s refuse is refused by the names of its fields', async (routeKey) => {
    const alone = fieldsOf(routeKey).flatMap((field) => broken.map((text): [TextField, string][] => [[field, text]]));
    const refused = fieldsOf(routeKey).map((field) => [field, whole.filter((text) => !accepts(field, text))] as const);
    const most = Math.max(...refused.map(([, texts]) => texts.length));
    const requests = Array.from({ length: most }, (_, i) =>
      refused.flatMap(([field, texts]): [TextField, string][] => (texts[i] === undefined ? [] : [[field, texts[i]]])),
    );
    expect(await sendAll(routeKey, [...alone, ...requests])).toEqual([]);
  });

  test.each(withText)('that the schemas of %s accept is taken, or refused for a reason the route lists', async (routeKey) => {
    const fields = fieldsOf(routeKey).filter((field) => !kept.has(nameOf(field)) && nameOf(field) !== codeOfWeChat);
    const requests = fields.flatMap((field) =>
      naughty.filter((text) => accepts(field, text)).map((text): [TextField, string][] => [[field, text]]),
    );
    expect(await sendAll(routeKey, requests)).toEqual([]);
  });

  test('that WeChat could send back as a code is no code', async () => {
    const field = textFields.find((one) => nameOf(one) === codeOfWeChat) as TextField;
    const codes = naughty.filter((text) => accepts(field, text));
    await each(codes, async (code) => {
      const [state, browser] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
      await city.stores.sessions.sendAway(state, browser, '/', city.clock);
      give(field, code);
      const answer = await byFunction(field.routeKey, {
        query: { code: code.toWellFormed(), state },
        cookies: [`gongzhi_wechat=${browser}`],
      });
      expect(answer.problem?.code, code).toBe('wechat_code_refused');
    });
  });
});

/** A client with one token for all its calls. */
async function steady(someone: Someone): Promise<Call<ServiceContract>> {
  const token = await someone.token();
  return createClient<ServiceContract>({ origin: city.url, token: () => token });
}
const logRound = (call: Call<ServiceContract>, siteId: string, batchId: string) =>
  call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
    path: { siteId, batchId },
    body: { checkInDay: cityDay(city.clock), householdNos: [1], source: 'list' },
  });
/** Numbers up to the longest of some lists, in portions. */
function portions(size: number, ...lists: readonly { readonly texts: readonly string[] }[]): number[][] {
  const length = Math.max(...lists.map(({ texts }) => texts.length));
  return Array.from({ length: Math.ceil(length / size) }, (_, p) =>
    Array.from({ length: Math.min(size, length - p * size) }, (_, i) => p * size + i),
  );
}
const textAt = ({ field, texts }: (typeof own)[keyof typeof own], i: number) => {
  const text = texts[i % texts.length] as string;
  give(field, text);
  return text;
};
const trimmed = (texts: readonly string[]) => texts.map((text) => text.trim()).sort();

describe('every string that is kept comes back as it was, but for blanks around it', { timeout: 180_000 }, () => {
  test('as the reason of a revision', async () => {
    const call = await steady(people.bureau);
    const before = await call('GET /v1/rollups/{week}/revisions', { path: { week }, query: { limit: 1 } });
    for (const [i] of own.revision.texts.entries()) {
      await call('POST /v1/rollups/{week}/revisions', { path: { week }, body: { reason: textAt(own.revision, i) } });
    }
    const reasons: (string | null)[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await call('GET /v1/rollups/{week}/revisions', { path: { week }, query: { limit: 100, ...(cursor ? { cursor } : {}) } });
      reasons.push(...page.revisions.map(({ reason }) => reason));
      cursor = page.nextCursor ?? undefined;
    }
    const rest = before.revisions[0]?.revision ?? 0;
    expect(reasons.slice(0, reasons.length - rest).sort()).toEqual(trimmed(own.revision.texts));
  });

  test('as a person’s name and home', async () => {
    // Few at once: each goes on record behind the one before.
    await each(
      portions(30, own.name, own.line),
      async (portion) => {
        const call = await steady(await city.someone('resident'));
        for (const i of portion) {
          const [name, line] = [textAt(own.name, i), textAt(own.line, i)];
          await call('PATCH /v1/me', { body: { name, home: { areaCode: cuihu, line } } });
          expect(await call('GET /v1/me')).toMatchObject({ name: name.trim(), home: { line: line.trim() } });
        }
      },
      2,
    );
  });

  test('as the name of a member of staff', async () => {
    const call = await steady(people.bureau);
    const personId = randomUUID();
    const phone = nextPhone();
    for (const [i] of own.staff.texts.entries()) {
      const name = textAt(own.staff, i);
      await call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone, name, role: 'clinic' } });
      expect((await city.stores.accounts.person(personId))?.name).toBe(name.trim());
    }
  });

  test('as the name and address of a site, its manager’s firm, and in the message that names it', async () => {
    await each(
      portions(60, own.site, own.address, own.organisation),
      async (portion) => {
        const [call, manager] = [await steady(people.bureau), await city.someone('manager')];
        const [siteId, { personId }] = [randomUUID(), manager.caller];
        const names: string[] = [];
        for (const i of portion) {
          const [name, address, organisation] = [textAt(own.site, i), textAt(own.address, i), textAt(own.organisation, i)];
          await call('PUT /v1/sites/{siteId}', { path: { siteId }, body: { name, address, siteType: 'school', areaCode: cuihu } });
          await call('PUT /v1/sites/{siteId}/manager', { path: { siteId }, body: { personId, organisation } });
          const site = await call('GET /v1/sites/{siteId}', { path: { siteId } });
          expect(site).toMatchObject({ name: name.trim(), address: address.trim(), manager: { organisation: organisation.trim() } });
          names.push(name.trim());
        }
        const { messages } = await (await steady(manager))('GET /v1/me/messages', { query: { limit: 100 } });
        expect(messages.map(({ text }) => /^【共治】您已负责“(.*)”的垃圾分类登记/su.exec(text.zh)?.[1]).sort()).toEqual(names.sort());
      },
      2,
    );
  });

  test('as the label of a household', async () => {
    const [call, siteId] = [await steady(people.bureau), await city.estate(0)];
    for (const portion of portions(500, own.label)) {
      const households = portion.map((i) => ({ householdNo: i + 1, label: textAt(own.label, i), occupied: true }));
      await call('PUT /v1/sites/{siteId}/households', { path: { siteId }, body: { households } });
    }
    const { households } = await call('GET /v1/sites/{siteId}/households', { path: { siteId }, query: { limit: 500 } });
    expect(households.map(({ label }) => label).sort()).toEqual(trimmed(own.label.texts.slice(0, 500)));
  });

  test('as the reason of an undoing', async () => {
    await each(portions(25, own.undo), async (portion) => {
      const manager = await city.someone('manager');
      const [call, siteId] = [await steady(manager), await city.estate(1, { manager })];
      for (const i of portion) {
        const path = { siteId, batchId: randomUUID() };
        await logRound(call, siteId, path.batchId);
        await call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path, body: { reason: textAt(own.undo, i) } });
      }
      const query = { checkInDay: cityDay(city.clock), limit: 100 };
      const { batches } = await call('GET /v1/sites/{siteId}/check-ins', { path: { siteId }, query });
      const reasons = batches.map(({ undone }) => undone?.reason);
      expect(reasons.sort()).toEqual(trimmed(portion.map((i) => own.undo.texts[i] as string)));
    });
  });

  test('as the reason of a reveal, in the record', async () => {
    const path = { personId: people.resident.caller.personId };
    // One after another: each goes on record behind the one before, and many at once would only wait.
    await each(
      portions(60, own.reveal),
      async (portion) => {
        const bureau = await city.someone('bureau');
        const call = await steady(bureau);
        for (const i of portion) {
          await call('POST /v1/people/{personId}/reveals', { path, body: { reason: textAt(own.reveal, i), fields: ['name'] } });
        }
        const { entries } = await call('GET /v1/audit', { query: { actorId: bureau.caller.personId, action: 'revealed', limit: 200 } });
        expect(entries.map(({ reason }) => reason).sort()).toEqual(trimmed(portion.map((i) => own.reveal.texts[i] as string)));
      },
      1,
    );
  });

  test('as the name and relation of a guardian, in what is held of the child', async () => {
    const version = noticeInForce('event_reminders', cityDay(city.clock))?.version ?? 1;
    await each(portions(30, own.guardian, own.relation), async (portion) => {
      const [call, phone, code] = [await steady(await city.someone('resident')), nextPhone(), '123456'];
      for (const i of portion) {
        await city.stores.sessions.keepCode(phone, 'guardian_consent', code, city.clock);
        const guardian = { name: textAt(own.guardian, i), relation: textAt(own.relation, i), phone, code };
        // A decision that is the same as before is no new entry.
        const body = { version, agreed: i % 2 === 0, guardian };
        await call('PUT /v1/me/consents/{purpose}', { path: { purpose: 'event_reminders' }, body });
      }
      const { held } = await call('GET /v1/me/data');
      const guardians = held.find(({ table }) => table === 'privacy')?.records.map(({ guardian }) => guardian);
      expect(guardians).toEqual(
        portion.map((i) => ({
          name: (own.guardian.texts[i % own.guardian.texts.length] as string).trim(),
          relation: (own.relation.texts[i % own.relation.texts.length] as string).trim(),
          phone,
        })),
      );
    });
  });
});

test('every text field of every route was given every string', () => {
  expect(textFields.length).toBeGreaterThan(80);
  if (!bigListIsHere) console.log('The Big List of Naughty Strings is not here: the fields were given the strings of the tests alone.');
  const wanting = textFields.map((field) => [nameOf(field), naughty.length - (given.get(nameOf(field))?.size ?? 0)]);
  expect(wanting.filter(([, missing]) => missing !== 0)).toEqual([]);
});

test('nothing has failed inside', () => {
  expect(log.lines.filter((line) => line.startsWith('{"level":"error"'))).toEqual([]);
});

test('no line of the log holds any of them', () => {
  // Times, ids and names of routes are made of these letters and signs, and hold many a short string by chance.
  const ordinary = /^[\w.,:/ -]*$/;
  const lines = new Set(log.lines.map((line) => JSON.stringify({ ...JSON.parse(line), at: '', ms: 0, requestId: '' })));
  const texts = [...lines].flatMap((line) => [line, ...Object.values(JSON.parse(line) as object).map(String)]).join('\n');
  expect(log.lines.length).toBeGreaterThan(naughty.length);
  const leaked = naughty.filter((text) => text.length >= 4 && !ordinary.test(text) && texts.includes(text));
  expect(leaked).toEqual([]);
});
