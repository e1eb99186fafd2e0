import { randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { dayKey } from '../../functions/audit/chain.js';
import { verifyRecord } from '../../infra/local/verify.js';
import { cityDay } from '../../shared/time/day.js';
import { guangming, refusal, useCity } from '../support/city.js';

const city = useCity();
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
const today = () => cityDay(city.clock);
const verify = () => verifyRecord(city.service.ports);
const record = (n: number) => city.stores.audit.recording({ action: 'purged', actorId: 'test', facts: { n } })([]);
const tableName = () => city.service.ports.tableNames.audit;

describe('the record', () => {
  test('has every role given, by whom, to whom and when, newest first and page by page', async () => {
    const bureau = await city.someone('bureau');
    const personId = randomUUID();
    const give = (role: 'officer' | 'clinic') =>
      bureau.call('PUT /v1/staff/{personId}', {
        path: { personId },
        body: { phone: '199 0077 0001', name: '陈立', role, ...(role === 'officer' ? { areaCode: guangming } : {}) },
      });
    await give('officer');
    later(1);
    await give('clinic');
    const first = await bureau.call('GET /v1/audit', { query: { personId, limit: 1 } });
    expect(first.entries).toMatchObject([
      { action: 'role_given', actorId: bureau.caller.personId, subjectId: personId, facts: { role: 'clinic', before: 'officer' } },
    ]);
    const second = await bureau.call('GET /v1/audit', { query: { personId, limit: 1, cursor: first.nextCursor ?? '' } });
    expect(second.entries).toMatchObject([{ facts: { role: 'officer', areaCode: guangming } }]);
    expect(second.nextCursor).toBeNull();
    const ofDay = await bureau.call('GET /v1/audit', { query: { day: today(), actorId: bureau.caller.personId } });
    expect(ofDay.entries).toHaveLength(2);
    const all = await bureau.call('GET /v1/audit', { query: { day: today() } });
    expect(all.entries.map(({ seq }) => seq)).toEqual(all.entries.map((_, i) => all.entries.length - i));
    expect(await refusal(bureau.call('GET /v1/audit', { query: { personId, actorId: personId } }))).toBe('invalid_request');
    expect(await refusal(bureau.call('GET /v1/audit', { query: { cursor: 'bm8' } }))).toBe('invalid_cursor');
  });

  test('takes fifty changes at once, one behind the other, and none is without its link', async () => {
    const before = (await city.stores.audit.chainEnd())?.seq ?? 0;
    await Promise.all(Array.from({ length: 50 }, (_, i) => record(i)));
    expect((await city.stores.audit.chainEnd())?.seq).toBe(before + 50);
    expect(await verify()).toMatchObject({ broken: undefined });
  });

  test('is written with its change or not at all', async () => {
    const before = await city.stores.audit.chainEnd();
    const impossible = {
      Put: { TableName: city.service.ports.tableNames.places, Item: { pk: 'x', sk: 'x' }, ConditionExpression: 'attribute_exists(pk)' },
    };
    await expect(city.stores.audit.recording({ action: 'purged', actorId: 'test' })([impossible])).rejects.toThrow();
    expect(await city.stores.audit.chainEnd()).toEqual(before);
  });

  test('goes on over midnight: the first link of a day holds the last of the day before', async () => {
    const last = await city.stores.audit.chainEnd();
    later(86_400);
    await record(1);
    const [first] = (await city.stores.audit.ofDay(today(), { limit: 10 })).entries;
    expect(first).toMatchObject({ seq: 1, previous: last?.hash });
    expect(await verify()).toMatchObject({ broken: undefined, days: 2 });
  });

  test('does not go back to yesterday where a clock lags behind', async () => {
    const day = today();
    later(-3600 * 20);
    await record(2);
    expect((await city.stores.audit.chainEnd())?.day).toBe(day);
    later(3600 * 20);
  });
});

describe('a record that somebody has touched', () => {
  const client = () => city.service.ports.db;
  const linkAt = async (day: string, seq: number) =>
    (await city.stores.audit.ofDay(day, { limit: 200 })).entries.find((link) => link.seq === seq);

  test('shows by its first broken link: changed, taken out, put in, or cut off at the end', async () => {
    const day = '2026-11-24';
    const third = await linkAt(day, 3);
    const Item = { ...dayKey(day, 3), ...third, place: `${day}#00000003` };
    const putBack = () => client().send(new PutCommand({ TableName: tableName(), Item }));

    await client().send(
      new UpdateCommand({
        TableName: tableName(),
        Key: dayKey(day, 3),
        UpdateExpression: 'SET actorId = :x',
        ExpressionAttributeValues: { ':x': randomUUID() },
      }),
    );
    expect((await verify()).broken).toEqual({ day, seq: 3, fault: 'link_changed' });
    await client().send(new DeleteCommand({ TableName: tableName(), Key: dayKey(day, 3) }));
    expect((await verify()).broken).toEqual({ day, seq: 3, fault: 'link_missing' });
    await putBack();
    expect((await verify()).broken).toBeUndefined();

    const end = await city.stores.audit.chainEnd();
    const cut = dayKey(end?.day ?? '', end?.seq ?? 0);
    const last = await linkAt(end?.day ?? '', end?.seq ?? 0);
    await client().send(new DeleteCommand({ TableName: tableName(), Key: cut }));
    expect((await verify()).broken).toEqual({ day: end?.day, seq: end?.seq, fault: 'end_missing' });
    await client().send(new PutCommand({ TableName: tableName(), Item: { ...cut, ...last, place: `${end?.day}#${cut.sk}` } }));
    expect((await verify()).broken).toBeUndefined();
  });
});

test('a week’s revision and an officer’s undo are on record with their reasons', async () => {
  const bureau = await city.someone('bureau');
  const officer = await city.someone('officer', guangming);
  const manager = await city.someone('manager');
  const siteId = await city.estate(3, { manager });
  const batchId = randomUUID();
  const path = { siteId, batchId };
  await manager.call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
    path,
    body: { checkInDay: today(), householdNos: [1], source: 'list' },
  });
  await officer.call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path, body: { reason: '整栋误登' } });
  later(8 * 86_400);
  await city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock, week: '2026-W48' });
  await bureau.call('POST /v1/rollups/{week}/revisions', { path: { week: '2026-W48' }, body: { reason: '补录更正' } });
  const ofOfficer = await bureau.call('GET /v1/audit', { query: { actorId: officer.caller.personId } });
  expect(ofOfficer.entries).toMatchObject([{ action: 'check_ins_undone', about: `${siteId} ${batchId}`, reason: '整栋误登' }]);
  const ofBureau = await bureau.call('GET /v1/audit', { query: { actorId: bureau.caller.personId } });
  expect(ofBureau.entries).toMatchObject([{ action: 'week_revised', about: '2026-W48', reason: '补录更正', facts: { revision: 2 } }]);
  expect(await verify()).toMatchObject({ broken: undefined });
});
