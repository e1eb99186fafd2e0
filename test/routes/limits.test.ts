import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { limitCounter } from '../../functions/http/limits.js';
import { contract } from '../../shared/catalog.js';
import type { Limit, Route } from '../../shared/http/contract.js';
import { codeLimits } from '../../shared/sessions/rules.js';
import { nextPhone, type Someone, useCity } from '../support/city.js';
import { type Asked, functionsOf } from '../support/functions.js';
import { useLog } from '../support/logged.js';
import { meter } from '../support/meter.js';
import { finder, writings } from '../support/scan.js';

// In the middle of every window, so that what is left of it is no round number.
const city = useCity('2026-11-24T04:17:23Z');
const log = useLog();
const limited = Object.entries(contract as Record<string, Route>).flatMap(([routeKey, route]) =>
  (route.limits ?? []).map((limit) => [routeKey, limit.per ?? 'all', limit, route] as const),
);
let ask: ReturnType<typeof functionsOf>;
beforeAll(() => {
  ask = functionsOf(city.service.ports);
});

let addresses = 0;
const nextAddress = () => `203.0.113.${++addresses}`;
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
const untilClosed = ({ windowSeconds }: Limit) => windowSeconds - (Math.floor(city.clock.getTime() / 1000) % windowSeconds);

interface Answer {
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly code: string | undefined;
}
async function call(routeKey: string, asked: Asked): Promise<Answer> {
  const { statusCode = 0, headers = {}, body } = await ask(routeKey, asked);
  const wait = headers['retry-after'];
  return {
    status: statusCode,
    retryAfter: wait === undefined ? undefined : Number(wait),
    code: statusCode < 400 ? undefined : (JSON.parse(body ?? '{}') as { code?: string }).code,
  };
}
/** A request with nothing in it: it is counted before it is read, and does nothing. */
const empty = (routeKey: string): Asked => ({
  path: Object.fromEntries([...routeKey.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'x'])),
  ...((contract as Record<string, Route>)[routeKey]?.body ? { body: {} } : {}),
});
const someoneFor = ({ who }: Route): Promise<Someone | undefined> =>
  who === 'anyone' ? Promise.resolve(undefined) : city.someone(who.includes('bureau') ? 'bureau' : (who[0] as 'resident'));

const manyCalls = 250;
async function countAhead(of: string, limit: Limit, times: number): Promise<void> {
  const { db, tableNames } = city.service.ports;
  const count = limitCounter(db, tableNames.limits);
  for (let i = 0; i < times; i += 50) {
    await Promise.all(Array.from({ length: Math.min(50, times - i) }, () => count(of, limit, city.clock)));
  }
}

/** As many calls as a limit lets through, from one address or by one account, while no other limit of the route is met. */
async function useUp(routeKey: string, limit: Limit, route: Route, { who, address }: { who: Someone | undefined; address: string }) {
  const account = (route.limits ?? []).find(({ per }) => per === 'account');
  let caller = who;
  let token = await caller?.token();
  // Thousands of calls from an address are counted ahead but for the last ones, by the dispatcher's own counter.
  const ahead = limit.per === 'address' && limit.most > manyCalls ? limit.most - manyCalls : 0;
  await countAhead(`${routeKey} ${city.service.ports.hashOfAddress(address)}`, limit, ahead);
  for (let i = ahead; i < limit.most; i++) {
    if (limit.per === 'address' && account && i > 0 && i % account.most === 0) {
      caller = await someoneFor(route);
      token = await caller?.token();
    }
    const { status } = await call(routeKey, { ...empty(routeKey), token, address: limit.per === 'account' ? nextAddress() : address });
    if (status === 429) throw new Error(`${routeKey} is refused after ${i} calls`);
  }
}

describe.each(limited)('%s, by %s', (routeKey, per, limit, route) => {
  test('lets as many calls through as it says, then says how long to wait, and that long helps', async () => {
    const [who, address] = [await someoneFor(route), nextAddress()];
    await useUp(routeKey, limit, route, { who, address });
    // By whichever account: the one before may have met a limit of its own.
    const other = per === 'address' ? await someoneFor(route) : who;
    const again = async (asked: Asked = {}) =>
      call(routeKey, { ...empty(routeKey), token: await other?.token(), address: per === 'address' ? address : nextAddress(), ...asked });
    const left = untilClosed(limit);
    expect(await again()).toEqual({ status: 429, retryAfter: left, code: 'too_many_requests' });
    // Whoever else calls is not held up.
    if (per === 'address') expect((await again({ address: nextAddress() })).status).not.toBe(429);
    else expect((await again({ token: await (await someoneFor(route))?.token() })).status).not.toBe(429);
    later(left - 1);
    expect(await again()).toMatchObject({ status: 429, retryAfter: 1 });
    later(1);
    expect((await again()).status).not.toBe(429);
  });
});

test('two routes do not share a counter, whether it is of an account or of an address', async () => {
  const [who, address] = [await city.someone('bureau'), nextAddress()];
  const token = await who.token();
  const status = async (routeKey: string) => (await call(routeKey, { ...empty(routeKey), token, address })).status;
  for (const [routeKey, per, limit, route] of limited) {
    if (per === 'account') await useUp(routeKey, limit, route, { who, address });
  }
  // Each had its own calls left, though the others were used up; now none has.
  for (const [routeKey, per] of limited) if (per === 'account') expect([routeKey, await status(routeKey)]).toEqual([routeKey, 429]);
  const byAddress = limited.filter(([, per, , route]) => per === 'address' && route.who === 'anyone');
  const [first, second] = byAddress;
  if (!first || !second) throw new Error('There are no two routes limited by address');
  await useUp(first[0], first[2], first[3], { who: undefined, address });
  expect(await status(first[0])).toBe(429);
  expect(await status(second[0])).not.toBe(429);
});

describe('a phone', () => {
  const ours = { 'sign-in': 'POST /v1/sign-in/codes', own: 'POST /v1/me/codes' } as const;
  const code = (phone: string) => call(ours['sign-in'], { body: { phone }, address: nextAddress() });

  test('is sent so many codes and no more, whatever they are for and however it is written, from whichever address', async () => {
    const phone = nextPhone();
    const [plain, spaced] = [phone.slice(3), `${phone.slice(3, 6)} ${phone.slice(6, 10)} ${phone.slice(10)}`];
    const { most } = codeLimits.phone;
    for (let i = 0; i < most; i++) expect((await code([phone, plain, spaced][i % 3] as string)).status).toBe(204);
    const left = untilClosed(codeLimits.phone);
    const refused = { status: 429, retryAfter: left, code: 'too_many_codes' };
    expect(await code(spaced)).toEqual(refused);
    const token = await (await city.someone('resident')).token();
    expect(await call(ours.own, { body: { phone: plain, purpose: 'change_phone' }, token, address: nextAddress() })).toEqual(refused);
    expect((await code(nextPhone())).status).toBe(204);
    later(left - 1);
    expect(await code(phone)).toMatchObject({ status: 429, retryAfter: 1 });
    later(1);
    expect((await code(phone)).status).toBe(204);
  });
});

describe('counting', () => {
  test('takes one write, and a call that is refused costs nothing else but the look at the caller', async () => {
    const { spent } = meter(city.service.ports.db);
    const address = nextAddress();
    const [routeKey, , limit, route] = limited.find(([key]) => key === 'POST /v1/sign-in/codes') as (typeof limited)[number];
    // Not a request that can be understood: it is counted all the same.
    const counted = await spent(() => call(routeKey, { body: {}, address }));
    expect(counted).toEqual({ requests: 1, writeUnits: 1, readUnits: 0 });
    await useUp(routeKey, { ...limit, most: limit.most - 1 }, route, { who: undefined, address });
    expect(await spent(() => call(routeKey, { body: { phone: nextPhone() }, address }))).toEqual({
      requests: 1,
      writeUnits: 1,
      readUnits: 0,
    });
    const look = 'POST /v1/staff/look-up';
    const token = await (await city.someone('bureau')).token();
    expect(await spent(() => call(look, { body: {}, token }))).toEqual({ requests: 2, writeUnits: 1, readUnits: 1 });
  });

  test('keeps neither an address nor a phone, nor a hash that anyone could make of one, and no counter past its window', async () => {
    const [address, phone] = ['198.51.100.77', nextPhone()];
    await call('POST /v1/sign-in/codes', { body: { phone }, address });
    const { db, tableNames } = city.service.ports;
    const { Items = [] } = await db.send(new ScanCommand({ TableName: tableNames.limits }));
    const hashes = [address, phone, phone.slice(3)].flatMap((text) =>
      (['md5', 'sha1', 'sha256', 'sha512'] as const).flatMap((way) =>
        (['hex', 'base64', 'base64url'] as const).map((form) => createHash(way).update(text).digest(form)),
      ),
    );
    const find = finder([address, phone.slice(3), ...hashes].flatMap((name) => writings(name).map((bytes) => ({ name, bytes }))));
    expect(Items.length).toBeGreaterThan(10);
    expect(find(Buffer.from(JSON.stringify(Items)))).toEqual([]);
    expect(find(Buffer.from(log.lines.join('')))).toEqual([]);
    const longest = Math.max(...limited.map(([, , { windowSeconds }]) => windowSeconds), codeLimits.phoneDaily.windowSeconds);
    for (const { ttl } of Items) expect(ttl).toBeLessThanOrEqual(city.clock.getTime() / 1000 + longest + 60);
  });
});
