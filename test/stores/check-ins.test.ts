import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { refusal, useCity } from '../support/city.js';

const city = useCity();
const day = '2026-11-24';
const route = 'PUT /v1/sites/{siteId}/check-ins/{batchId}';

async function scene(households = 20) {
  const manager = await city.someone('manager');
  const siteId = await city.estate(households, { manager });
  const log = (householdNos: number[], batchId: string = randomUUID(), checkInDay = day) =>
    manager.call(route, { path: { siteId, batchId }, body: { checkInDay, householdNos, source: 'list' } });
  const undo = (batchId: string) =>
    manager.call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: { siteId, batchId }, body: { reason: '选错了楼栋' } });
  const standing = async () => [...((await city.stores.sorting.week(siteId, '2026-W48')).get(day) ?? [])].sort((a, b) => a - b);
  return { manager, siteId, log, undo, standing };
}

test('fifty phones sending the same batch at once leave each household once', async () => {
  const { log, standing } = await scene();
  const batchId = randomUUID();
  const replies = await Promise.all(Array.from({ length: 50 }, () => log([1, 2, 3, 99], batchId)));
  expect(new Set(replies.map(({ accepted }) => accepted))).toEqual(new Set([3]));
  expect(replies.filter(({ alreadyCheckedIn }) => alreadyCheckedIn === 0)).toHaveLength(1);
  expect(await standing()).toEqual([1, 2, 3]);
});

test('fifty phones logging overlapping rounds at once lose nobody', async () => {
  const { log, standing } = await scene(60);
  await Promise.all(Array.from({ length: 50 }, (_, i) => log([i + 1, i + 2, i + 3])));
  expect(await standing()).toEqual(Array.from({ length: 52 }, (_, i) => i + 1));
});

test('the same batch again, in another order and with numbers twice, changes nothing and answers the same', async () => {
  const { log } = await scene();
  const batchId = randomUUID();
  const firstReply = await log([3, 1, 40], batchId);
  const again = await log([40, 1, 3, 3], batchId);
  expect(firstReply).toEqual({ accepted: 2, alreadyCheckedIn: 0, rejected: [{ householdNo: 40, code: 'unknown_household' }] });
  expect(again).toEqual({ ...firstReply, alreadyCheckedIn: 2 });
});

test('a batch that was sent before a household moved out answers as it did then', async () => {
  const { siteId, log } = await scene();
  const batchId = randomUUID();
  await log([1, 2], batchId);
  await city.stores.places.enter(siteId, [{ householdNo: 2, label: '1栋1单元2', occupied: false }]);
  expect(await log([1, 2], batchId)).toEqual({ accepted: 2, alreadyCheckedIn: 2, rejected: [] });
  expect(await log([2])).toEqual({ accepted: 0, alreadyCheckedIn: 0, rejected: [{ householdNo: 2, code: 'not_occupied' }] });
});

test.each([
  ['households', { householdNos: [1, 3] }],
  ['day', { checkInDay: '2026-11-23' }],
  ['source', { source: 'scan' as const }],
  ['day, in another week', { checkInDay: '2026-11-16' }],
])('a batch id that comes back with another %s is refused', async (_, other) => {
  const { manager, siteId, log, standing } = await scene();
  const batchId = randomUUID();
  await log([1, 2], batchId);
  const body = { checkInDay: day, householdNos: [1, 2], source: 'list' as const, ...other };
  expect(await refusal(manager.call(route, { path: { siteId, batchId }, body }))).toBe('batch_differs');
  expect(await standing()).toEqual([1, 2]);
});

test('undoing a batch keeps the households that another batch of the day holds', async () => {
  const { log, undo, standing } = await scene();
  const mistaken = randomUUID();
  await log([1, 2, 3], mistaken);
  await log([3, 4]);
  await undo(mistaken);
  await undo(mistaken);
  expect(await standing()).toEqual([3, 4]);
});

test('a batch that was undone does not come back with a late copy of its request', async () => {
  const { log, undo, standing } = await scene();
  const batchId = randomUUID();
  await log([1, 2], batchId);
  await undo(batchId);
  expect(await refusal(log([1, 2], batchId))).toBe('batch_undone');
  expect(await standing()).toEqual([]);
});

test('undoing while others log loses none of theirs', async () => {
  for (let round = 0; round < 5; round++) {
    const { log, undo, standing } = await scene(40);
    const mistaken = randomUUID();
    await log(
      Array.from({ length: 40 }, (_, i) => i + 1),
      mistaken,
    );
    const others = Array.from({ length: 20 }, (_, i) => log([i + 1]));
    await Promise.all([undo(mistaken), ...others]);
    expect(await standing()).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  }
});

test('what a request that broke off after its record left undone, the nightly job mends', async () => {
  const { siteId, log, standing } = await scene();
  await log([1]);
  const admitted = new Set([5, 6]);
  const loggedAt = city.clock.toISOString();
  await city.stores.sorting.keepBatch(siteId, {
    batchId: randomUUID(),
    day,
    source: 'scan',
    admitted,
    rejected: [],
    loggedBy: randomUUID(),
    loggedAt,
  });
  expect(await standing()).toEqual([1]);
  await city.service.jobs({ job: 'roll-up-day', scheduledAt: new Date('2026-11-24T15:30:00Z') });
  expect(await standing()).toEqual([1, 5, 6]);
});

test('an undo that broke off after its mark is finished by the nightly job', async () => {
  const { siteId, log, undo, standing } = await scene();
  const batchId = randomUUID();
  await log([1, 2], batchId);
  await undo(batchId);
  // A copy of the request that had passed its look at the record before the undo came.
  await city.stores.sorting.checkIn(siteId, day, new Set([1, 2]));
  expect(await standing()).toEqual([1, 2]);
  await city.service.jobs({ job: 'roll-up-day', scheduledAt: new Date('2026-11-25T15:30:00Z') });
  expect(await standing()).toEqual([]);
});

test('an id in capitals is the same id', async () => {
  const { log, undo, standing } = await scene();
  const batchId = randomUUID();
  await log([1, 2], batchId);
  expect(await log([1, 2], batchId.toUpperCase())).toMatchObject({ alreadyCheckedIn: 2 });
  await undo(batchId);
  expect(await standing()).toEqual([]);
});

test('whoever acts for the site finds the day’s batches, undone ones too, page by page', async () => {
  const { manager, siteId, log, undo } = await scene();
  const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
  await log([1, 2, 99], ids[0]);
  city.clock = new Date(city.clock.getTime() + 1000);
  await log([3], ids[1]);
  await log([4], ids[2], '2026-11-23');
  await undo(ids[1]);
  const list = (query: { limit?: number; cursor?: string }) =>
    manager.call('GET /v1/sites/{siteId}/check-ins', { path: { siteId }, query: { checkInDay: day, ...query } });
  const { batches } = await list({});
  expect(batches).toMatchObject([
    { batchId: ids[0], accepted: 2, rejected: 1, source: 'list', loggedBy: manager.caller.personId, undone: null },
    { batchId: ids[1], accepted: 1, undone: { by: manager.caller.personId, reason: '选错了楼栋' } },
  ]);
  const first = await list({ limit: 1 });
  const second = await list({ limit: 1, cursor: first.nextCursor as string });
  expect([...first.batches, ...second.batches]).toEqual(batches);
  expect(second.nextCursor).toBeNull();
  expect(await refusal(list({ cursor: 'x' }))).toBe('invalid_cursor');
  const other = await city.someone('manager');
  expect(await refusal(other.call('GET /v1/sites/{siteId}/check-ins', { path: { siteId }, query: { checkInDay: day } }))).toBe(
    'site_not_found',
  );
});

test('a site without households takes no check-ins', async () => {
  const manager = await city.someone('manager');
  const siteId = await city.estate(0, { manager });
  await city.stores.places.keepSite(siteId, { name: '小学', siteType: 'school', areaCode: '440311001005' });
  const path = { siteId, batchId: randomUUID() };
  expect(await refusal(manager.call(route, { path, body: { checkInDay: day, householdNos: [1], source: 'list' } }))).toBe(
    'site_without_households',
  );
});

test('a site of 20,000 households takes its largest round', async () => {
  const { siteId, log, standing } = await scene(20_000);
  const nos = Array.from({ length: 500 }, (_, i) => 19_501 + i);
  expect(await log(nos)).toEqual({ accepted: 500, alreadyCheckedIn: 0, rejected: [] });
  expect(await standing()).toEqual(nos);
  expect((await city.stores.places.siteWithRoster(siteId))?.roster.occupied.size).toBe(20_000);
});
