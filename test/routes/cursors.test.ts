import { expect, test } from 'vitest';
import { refusal, useCity } from '../support/city.js';

const city = useCity();
const cursor = (place: string) => Buffer.from(place).toString('base64url');
const anId = '00000000-0000-4000-8000-000000000000';

test('a cursor from before its list begins is refused, not a fault', async () => {
  const [bureau, manager] = [await city.someone('bureau'), await city.someone('manager')];
  const siteId = await city.estate(1, { manager });
  const { personId } = manager.caller;
  const old = { cursor: cursor(`2026-01-01T00:00:00.000Z ${anId}`) };
  const answers = [
    bureau.call('GET /v1/audit', { query: { personId, day: '2026-11-24', cursor: cursor('2026-11-23#00000004') } }),
    bureau.call('GET /v1/audit', { query: { actorId: personId, day: '2026-11-24', cursor: cursor('0000-00-00#00000000') } }),
    manager.call('GET /v1/sites/{siteId}/check-ins', { path: { siteId }, query: { ...old, checkInDay: '2026-11-24' } }),
    manager.call('GET /v1/me/messages', { query: old }),
  ].map(refusal);
  expect(await Promise.all(answers)).toEqual(Array(4).fill('invalid_cursor'));
});

test('one from within it leads on, though no row has that place', async () => {
  const [bureau, manager] = [await city.someone('bureau'), await city.someone('manager')];
  const siteId = await city.estate(1, { manager });
  const { personId } = manager.caller;
  const within = { cursor: cursor(`2026-11-24T01:00:00.000Z ${anId}`) };
  const answers = [
    bureau.call('GET /v1/audit', { query: { personId, day: '2026-11-24', cursor: cursor('2026-11-24#00000001') } }),
    manager.call('GET /v1/sites/{siteId}/check-ins', { path: { siteId }, query: { ...within, checkInDay: '2026-11-24' } }),
    manager.call('GET /v1/me/messages', { query: within }),
  ].map(refusal);
  expect(await Promise.all(answers)).toEqual(Array(3).fill('allowed'));
});
