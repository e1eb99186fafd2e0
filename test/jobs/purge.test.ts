import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { caretakerJobs } from '../../functions/caretaker/wiring.js';
import type { Messages } from '../../functions/platform/messages.js';
import { keyFileName, rotate } from '../../infra/local/key-file.js';
import { verifyRecord } from '../../infra/local/verify.js';
import { cityDay } from '../../shared/time/day.js';
import { cuihu, guangming, useCity } from '../support/city.js';
import { everythingIn } from '../support/tables.js';

const city = useCity('2026-11-24T04:00:00Z');
const years = (n: number) => {
  city.clock = new Date(city.clock.getTime() + n * 366 * 86_400_000);
};
let nth = 0;
const run = (job: 'purge' | 're-wrap', dryRun = false) =>
  city.service.jobs({ job, dryRun, scheduledAt: new Date(city.clock.getTime() + ++nth) });

async function someHistory() {
  const [manager, officer, resident] = [
    await city.someone('manager'),
    await city.someone('officer', guangming),
    await city.someone('resident'),
  ];
  const siteId = await city.estate(3, { manager });
  const path = { siteId, batchId: randomUUID() };
  await manager.call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
    path,
    body: { checkInDay: cityDay(city.clock), householdNos: [1], source: 'list' },
  });
  await resident.call('PATCH /v1/me', { body: { name: '欧阳小鹿', home: { areaCode: cuihu, line: '梧桐深处' } } });
  const purpose = 'photo_use' as const;
  for (const agreed of [true, false]) {
    await resident.call('PUT /v1/me/consents/{purpose}', { path: { purpose }, body: { version: 1, agreed } });
    city.clock = new Date(city.clock.getTime() + 1000);
  }
  return { manager, officer, resident, path };
}

describe('the purge', () => {
  test('takes nothing before its time, and says so', async () => {
    const { resident, path } = await someHistory();
    expect(await run('purge')).toMatchObject({ left: 0, looked: expect.any(Number) });
    expect(await city.stores.sorting.batch(path.siteId, path.batchId)).toBeDefined();
    expect(await city.stores.accounts.person(resident.caller.personId)).toBeDefined();
  });

  test('takes what has been kept for its time; a dry run says the same and takes nothing', async () => {
    const { resident, officer, manager, path } = await someHistory();
    const staff = [officer, manager];
    years(3);
    const before = await everythingIn(city.service.ports);
    const planned = await run('purge', true);
    const kept = await everythingIn({ ...city.service.ports, tableNames: { sorting: city.service.ports.tableNames.sorting } });
    expect(kept).toContain(path.batchId);
    const done = await run('purge');
    const { looked: _, left, ...counted } = planned ?? {};
    expect(left).toBe(0);
    expect(done).toMatchObject({ check_ins: counted.check_ins, inactive_accounts: counted.inactive_accounts, audit: counted.audit });
    expect(counted.check_ins).toBeGreaterThanOrEqual(2);
    expect(before).toContain(path.batchId);
    expect(await city.stores.sorting.batch(path.siteId, path.batchId)).toBeUndefined();
    expect(await city.stores.accounts.person(resident.caller.personId)).toBeUndefined();
    for (const { caller } of staff) expect(await city.stores.accounts.person(caller.personId)).toBeDefined();
    expect((await city.stores.privacy.consentsOf(resident.caller.personId)).map(({ agreed }) => agreed)).toEqual([false]);
  });

  test('leaves a certificate that the bureau can read, on record, and a chain that is still whole', async () => {
    const bureau = await city.someone('bureau');
    const { certificates } = await bureau.call('GET /v1/purges', { query: {} });
    expect(certificates[0]?.records.check_ins).toBeGreaterThan(0);
    expect(Object.keys(certificates[0]?.cutoffs ?? {}).sort()).toEqual(Object.keys(certificates[0]?.records ?? {}).sort());
    const { entries } = await bureau.call('GET /v1/audit', { query: { actorId: undefined, action: 'purged' } });
    expect(entries[0]).toMatchObject({ actorId: 'purge', about: certificates[0]?.finishedAt, facts: certificates[0]?.records });
    const verdict = await verifyRecord(city.service.ports);
    expect(verdict.broken).toBeUndefined();
    expect(verdict.newest?.chainFrom).toMatchObject({ day: '2026-11-24' });
  });

  test('takes an inactive account whole, and its last trace three years later', async () => {
    const me = await city.someone('resident');
    await me.call('PATCH /v1/me', { body: { name: '司马忘归' } });
    years(3);
    await run('purge');
    expect(await city.stores.accounts.personByPhone(me.phone)).toBeUndefined();
    expect(await everythingIn(city.service.ports)).not.toContain(me.phone.slice(3));
  });

  test('leaves an account that was used since', async () => {
    const me = await city.someone('resident');
    years(2);
    await city.stores.accounts.seen(me.caller.personId, city.clock);
    years(2);
    await run('purge');
    expect(await city.stores.accounts.person(me.caller.personId)).toBeDefined();
  });

  test('looks at so much in a night, and goes on from there in the next', async () => {
    await someHistory();
    years(3);
    const looking = caretakerJobsWith(5);
    const first = await looking({ job: 'purge', scheduledAt: new Date(city.clock.getTime() + ++nth) });
    expect(first?.left).toBe(1);
    let runs = 1;
    for (let left = 1; left; runs++)
      left = (await looking({ job: 'purge', scheduledAt: new Date(city.clock.getTime() + ++nth) }))?.left ?? 0;
    expect(runs).toBeGreaterThan(3);
    expect(await run('purge', true)).not.toHaveProperty('check_ins');
  });

  test('that is killed goes on from where it was', async () => {
    await someHistory();
    years(3);
    const { db } = city.service.ports;
    const send = db.send.bind(db);
    let scans = 0;
    db.send = ((command: { constructor: { name: string } }) =>
      command.constructor.name === 'ScanCommand' && ++scans === 4
        ? Promise.reject(new Error('killed'))
        : send(command as never)) as typeof db.send;
    await expect(run('purge')).rejects.toThrow('killed');
    db.send = send as typeof db.send;
    expect(await run('purge')).toMatchObject({ left: 0 });
    expect(await run('purge', true)).not.toHaveProperty('check_ins');
  });
});

const caretakerJobsWith = (mostItems: number) => caretakerJobs(city.service.ports, { mostItems });

const catching = () => {
  const sent: string[] = [];
  const deliver = async (to: string) => {
    sent.push(to);
    return {};
  };
  return { sent, messages: { sms: { deliver } } as Messages };
};

describe('wrapping data keys anew', () => {
  test('leaves every field readable, under the newest master key, and nothing to do the second time', async () => {
    const me = await city.someone('resident');
    await me.call('PATCH /v1/me', { body: { name: '上官新月' } });
    rotate(city.dataDir, 'master', new Date());
    const planned = await run('re-wrap', true);
    expect(planned?.wrapped).toBeGreaterThan(0);
    expect(await run('re-wrap')).toMatchObject({ wrapped: planned?.wrapped });
    const second = await run('re-wrap');
    expect(second).not.toHaveProperty('wrapped');
    expect(second?.current).toBe(planned?.wrapped);
    expect((await city.stores.accounts.person(me.caller.personId))?.name).toBe('上官新月');
    expect((await me.call('GET /v1/me')).name).toBe('上官新月');
  });

  test('reaches the phones that waiting messages go to, and they still get there', async () => {
    const { messages, sent } = catching();
    const me = await city.someone('resident');
    await me.call('DELETE /v1/me');
    rotate(city.dataDir, 'master', new Date());
    const { masters } = JSON.parse(readFileSync(join(city.dataDir, keyFileName), 'utf8'));
    expect((await run('re-wrap'))?.wrapped).toBeGreaterThan(0);
    const { db, tableNames } = city.service.ports;
    const { Items = [] } = await db.send(new ScanCommand({ TableName: tableNames.messages }));
    const waiting = Items.filter(({ sealedTo }) => sealedTo);
    expect(waiting.length).toBeGreaterThan(0);
    for (const { sealedTo } of waiting) expect(sealedTo.by).toBe(masters.at(-1).id);
    await caretakerJobs({ ...city.service.ports, messages })({ job: 'send-messages', scheduledAt: city.clock });
    expect(sent).toContain(me.phone);
  });

  test('does not undo a change that comes in between', async () => {
    const me = await city.someone('resident');
    rotate(city.dataDir, 'master', new Date());
    await Promise.all([
      run('re-wrap'),
      me.call('PATCH /v1/me', { body: { name: '后来的名字' } }),
      me.call('PATCH /v1/me', { body: { home: { areaCode: cuihu, line: '9 栋' } } }),
    ]);
    expect(await me.call('GET /v1/me')).toMatchObject({ name: '后来的名字', home: { line: '9 栋' } });
  });
});
