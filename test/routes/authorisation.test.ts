import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { contract, domains } from '../../shared/catalog.js';
import { type Role, type Route, roles } from '../../shared/http/contract.js';
import { cuihu, gongming, guangming, lisonglang, refusal, type Someone, useCity } from '../support/city.js';

const city = useCity();
const everyone = ['nobody', ...roles] as const;

/** The whole matrix: who may call gets past the door, the computed rest does not. */
describe('every role on every route', () => {
  const people = {} as Record<Role, Someone>;
  beforeAll(async () => {
    for (const role of roles) people[role] = await city.someone(role, role === 'officer' ? guangming : undefined);
  });

  const cases = Object.entries(contract as Record<string, Route>).flatMap(([key, { who }]) =>
    everyone.map((role) => [role, who === 'anyone' || (role !== 'nobody' && who.includes(role)) ? 'may' : 'may not', key] as const),
  );
  test.each(cases)('%s %s %s', async (role, may, key) => {
    const [method, path = ''] = key.split(' ');
    const address = path
      .replace('{week}', '2026-W47')
      .replace('{areaCode}', guangming)
      .replace(/\{\w+\}/g, () => randomUUID());
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    // Who ends a session, or an account, does so for good.
    const someone = async (as: Role) => (method === 'DELETE' ? city.someone(as, as === 'officer' ? guangming : undefined) : people[as]);
    if (role !== 'nobody') headers.authorization = `Bearer ${await (await someone(role)).token()}`;
    const body = method === 'GET' ? {} : { body: '{}' };
    const response = await fetch(city.url + address, { method: method as string, headers, redirect: 'manual', ...body });
    const isJson = response.headers.get('content-type')?.includes('json');
    const { code } = isJson ? ((await response.json()) as { code?: string }) : { code: undefined };
    if (path !== '/v1/sign-in/refresh') expect(code).not.toBe('session_ended');
    const turnedAway = code === 'sign_in_needed' || code === 'role_not_allowed';
    expect(turnedAway ? 'may not' : 'may').toBe(may);
    expect(response.status).toBeLessThan(500);
    if (may === 'may not') expect(code).toBe(role === 'nobody' ? 'sign_in_needed' : 'role_not_allowed');
  });

  test('the matrix covers every route of every domain', () => {
    const routes = Object.values(domains).reduce((sum, domain) => sum + Object.keys(domain.contract).length, 0);
    expect(cases).toHaveLength(routes * everyone.length);
  });
});

describe("another person's record is not found", () => {
  let siteId: string;
  let mine: Someone;
  let others: Record<string, Someone>;
  beforeAll(async () => {
    mine = await city.someone('manager');
    siteId = await city.estate(3, { manager: mine, areaCode: cuihu });
    others = {
      'another manager': await city.someone('manager'),
      'the officer of another street': await city.someone('officer', gongming),
    };
    await mine.call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
      path: { siteId, batchId },
      body: { checkInDay: '2026-11-24', householdNos: [1], source: 'list' },
    });
  });
  const batchId = randomUUID();
  const attempts: Record<string, (who: Someone) => Promise<unknown>> = {
    'read the site': ({ call }) => call('GET /v1/sites/{siteId}', { path: { siteId } }),
    'read its register': ({ call }) => call('GET /v1/sites/{siteId}/households', { path: { siteId } }),
    'change its register': ({ call }) =>
      call('PUT /v1/sites/{siteId}/households', {
        path: { siteId },
        body: { households: [{ householdNo: 1, label: 'x', occupied: false }] },
      }),
    'import into its register': ({ call }) =>
      call('POST /v1/sites/{siteId}/households/import', { path: { siteId }, body: '楼栋,单元,房号,是否入住\n1,1,1,是\n' }),
    'log at it': ({ call }) =>
      call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
        path: { siteId, batchId: randomUUID() },
        body: { checkInDay: '2026-11-24', householdNos: [2], source: 'list' },
      }),
    'undo its batch': ({ call }) =>
      call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: { siteId, batchId }, body: { reason: '试试' } }),
    'read its week': ({ call }) => call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId, week: '2026-W48' } }),
  };
  for (const [deed, attempt] of Object.entries(attempts)) {
    for (const who of ['another manager', 'the officer of another street']) {
      test(`${who} may not ${deed}`, async () => {
        expect(await refusal(attempt(others[who] as Someone))).toBe('site_not_found');
      });
    }
  }
  test('what they tried has changed nothing', async () => {
    const week = await mine.call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId, week: '2026-W48' } });
    expect(week.participation).toEqual({ done: 1, due: 3 });
  });
  test('the officer of the street may log there, and so may not the manager before', async () => {
    const officer = await city.someone('officer', guangming);
    const next = await city.someone('manager');
    const log = ({ call }: Someone) =>
      call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
        path: { siteId, batchId: randomUUID() },
        body: { checkInDay: '2026-11-24', householdNos: [2], source: 'list' },
      });
    await officer.call('PUT /v1/sites/{siteId}/manager', {
      path: { siteId },
      body: { personId: next.caller.personId, organisation: '新物业' },
    });
    expect(await refusal(log(officer))).toBe('allowed');
    expect(await refusal(log(next))).toBe('allowed');
    expect(await refusal(log(mine))).toBe('site_not_found');
  });
});

describe('an officer keeps to the own street', () => {
  test('and registers a site there alone', async () => {
    const officer = await city.someone('officer', guangming);
    const put = (siteId: string, areaCode: string) =>
      officer.call('PUT /v1/sites/{siteId}', { path: { siteId }, body: { name: '新点', siteType: 'school', areaCode } });
    const siteId = randomUUID();
    expect(await refusal(put(siteId, lisonglang))).toBe('area_not_found');
    expect(await refusal(put(siteId, guangming))).toBe('not_a_community');
    expect(await refusal(put(siteId, cuihu))).toBe('allowed');
    expect(await refusal(put(siteId, lisonglang))).toBe('area_not_found');
    const elsewhere = await city.estate(1, { areaCode: lisonglang });
    expect(await refusal(put(elsewhere, cuihu))).toBe('site_not_found');
  });
  test('and lists its sites alone', async () => {
    const officer = await city.someone('officer', gongming);
    const { sites } = await officer.call('GET /v1/sites', { query: { limit: 200 } });
    expect(sites.length).toBeGreaterThan(0);
    expect(sites.every(({ areaCode }) => areaCode.startsWith(gongming))).toBe(true);
    expect(await refusal(officer.call('GET /v1/sites', { query: { areaCode: guangming } }))).toBe('area_not_found');
    expect(await refusal(officer.call('GET /v1/sites', { query: { areaCode: '440311' } }))).toBe('area_not_found');
  });
});
