import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { rollUp } from '../../functions/rollups/roll-up.js';
import type { ServiceContract } from '../../shared/catalog.js';
import { cityDistrict } from '../../shared/city/areas.js';
import { createClient } from '../../shared/http/client.js';
import { cuihu, guangming, type Someone, useCity } from '../support/city.js';
import { type Cost, meter } from '../support/meter.js';

// What each operation costs, as the engine reports it; the bounds are those of the design.
const city = useCity('2026-11-24T04:00:00Z');
const households = 300;
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
let manager: Someone;
let managing: Someone['call'];
let siteId: string;
let spent: (work: () => Promise<unknown>) => Promise<Cost>;

beforeAll(async () => {
  manager = await city.someone('manager');
  token = await manager.token();
  managing = createClient({ origin: city.url, token: () => token });
  siteId = await city.estate(households, { manager });
  spent = meter(city.service.ports.db).spent;
});

/** A call as it costs the city: with a token at hand, as a page has. One request and one read unit of each are the look at the caller. */
let token: string;
const log = (checkInDay: string, householdNos: number[], batchId: string = randomUUID()) =>
  managing('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
    path: { siteId, batchId },
    body: { checkInDay, householdNos, source: 'list' },
  });

describe('a batch of 100 check-ins at a site of 300 households', () => {
  test('costs three requests, three write units and one read unit, and the look at the caller', async () => {
    const cost = await spent(() => log('2026-11-24', numbers(1, 100)));
    expect(cost).toEqual({ requests: 3 + 1, writeUnits: 3, readUnits: 1 + 1 });
  });
  test('costs as much when the day is nearly full', async () => {
    await log('2026-11-24', numbers(101, 300));
    const cost = await spent(() => log('2026-11-24', numbers(201, 300)));
    expect(cost).toEqual({ requests: 3 + 1, writeUnits: 3, readUnits: 1 + 1 });
  });
  test('costs one request and half a read unit more where its week is over but not closed', async () => {
    const cost = await spent(() => log('2026-11-22', numbers(1, 100)));
    expect(cost).toEqual({ requests: 4 + 1, writeUnits: 3, readUnits: 1.5 + 1 });
  });
});

test('a full week of a site costs one request to each of its two tables and 3.5 read units at most', async () => {
  for (const day of ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']) {
    await city.stores.sorting.checkIn(siteId, day, new Set(numbers(1, households)));
  }
  city.clock = new Date('2026-11-22T12:00:00Z');
  token = await manager.token();
  const cost = await spent(() => managing('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId, week: '2026-W47' } }));
  city.clock = new Date('2026-11-24T04:00:00Z');
  token = await manager.token();
  expect(cost.requests).toBe(2 + 1);
  expect(cost.writeUnits).toBe(0);
  expect(cost.readUnits).toBeLessThanOrEqual(3.5 + 1);
});

test('rolling a week up costs per site three requests, two write units and 4.5 read units at most', async () => {
  for (let i = 1; i < 50; i++) {
    const id = await city.estate(households, { name: `花园${i}` });
    for (const day of ['2026-11-16', '2026-11-18', '2026-11-20', '2026-11-21', '2026-11-22']) {
      await city.stores.sorting.checkIn(id, day, new Set(numbers(i, households)));
    }
  }
  const { stores } = city;
  const deps = { rollups: stores.rollups, sites: stores.places, checkIns: stores.sorting, now: () => city.clock, newId: randomUUID };
  const cost = await spent(() => rollUp({ week: '2026-W47', kind: 'close', run: 'measured' }, deps));
  const perSite = (n: number) => n / 50;
  console.log('roll-up of 50 sites:', cost);
  expect(perSite(cost.requests)).toBeLessThanOrEqual(3);
  expect(perSite(cost.writeUnits)).toBeLessThanOrEqual(2);
  expect(perSite(cost.readUnits)).toBeLessThanOrEqual(4.5);
});

test('rolling a week up costs the same however many check-ins were logged', async () => {
  const { stores } = city;
  const deps = { rollups: stores.rollups, sites: stores.places, checkIns: stores.sorting, now: () => city.clock, newId: randomUUID };
  const count = () => spent(() => rollUp({ week: '2026-W46', kind: 'count', run: randomUUID() }, deps));
  await stores.sorting.checkIn(siteId, '2026-11-12', new Set(numbers(1, 200)));
  await count();
  const before = await count();
  for (let i = 0; i < 100; i++) await stores.sorting.checkIn(siteId, '2026-11-12', new Set([i + 1]));
  expect(await count()).toEqual(before);
});

test('the bureau reads a week of the streets in one request for one read unit at most', async () => {
  const bureau = await city.someone('bureau');
  const token = await bureau.token();
  const cost = await spent(() =>
    fetch(`${city.url}/v1/rollups/2026-W47?level=street&areaCode=${cityDistrict.areaCode}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
  );
  expect(cost.requests).toBe(1 + 1);
  expect(cost.readUnits).toBeLessThanOrEqual(1 + 1);
});

describe('what trust costs', () => {
  test('a renewed token: one write, a look at the person, and once a month the note that they were here', async () => {
    const person = await city.someone('resident');
    const opened = await city.stores.sessions.openSession(
      { sessionId: randomUUID(), personId: person.caller.personId, way: 'sms', device: 'x' },
      async () => ({ role: 'resident' }),
      city.clock,
    );
    const refresh = (cookie: string) => fetch(`${city.url}/v1/sign-in/refresh`, { method: 'POST', headers: { cookie } });
    const first = await refresh(`gongzhi_session=${opened.token}`);
    const next = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const cost = await spent(() => refresh(next));
    console.log('a renewed token:', cost);
    expect(cost.requests).toBe(3);
    expect(cost.writeUnits).toBe(1);
  });

  test('a reveal with its record: seven requests and twelve write units at most', async () => {
    const [officer, person] = [await city.someone('officer', guangming), await city.someone('resident')];
    await person.call('PATCH /v1/me', { body: { name: '王小明', home: { areaCode: cuihu, line: '3 栋 501' } } });
    const own = await officer.token();
    const call = createClient<ServiceContract>({ origin: city.url, token: () => own });
    const { personId } = person.caller;
    const cost = await spent(() =>
      call('POST /v1/people/{personId}/reveals', { path: { personId }, body: { reason: '核对', fields: ['name'] } }),
    );
    console.log('a reveal:', cost);
    expect(cost.requests).toBeLessThanOrEqual(7);
    expect(cost.writeUnits).toBeLessThanOrEqual(12);
    expect(cost.readUnits).toBeLessThanOrEqual(5);
  });

  test('a limit: one write', async () => {
    const cost = await spent(() => fetch(`${city.url}/v1/wechat/signature?url=nonsense`));
    expect(cost).toEqual({ requests: 1, writeUnits: 1, readUnits: 0 });
  });
});
