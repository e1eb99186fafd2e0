import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { JobHeld } from '../../functions/jobs/run-job.js';
import { verifyRecord } from '../../infra/local/verify.js';
import { nextPhone, useCity } from '../support/city.js';

const city = useCity('2026-11-24T04:00:00Z');
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
let nth = 0;
const purge = (dryRun = false) => city.service.jobs({ job: 'purge', dryRun, scheduledAt: new Date(city.clock.getTime() + ++nth) });
const newest = async () => (await city.stores.privacy.certificates(1, undefined)).certificates[0];
const recordsOf = ({ looked: _, left, ...records }: Record<string, number>) => records;
const put = (table: 'limits' | 'jobs' | 'messages', Item: Record<string, unknown>) =>
  city.service.ports.db.send(new PutCommand({ TableName: city.service.ports.tableNames[table], Item }));

/** Counters of more than one transaction, links of two days, and an account that nobody has used: all due in four years. */
async function whatFallsDue() {
  for (let i = 0; i < 2; i++) {
    await city.stores.audit.recording({ action: 'data_exported', actorId: randomUUID() })([]);
    later(86_400);
  }
  await city.stores.accounts.keep({ personId: randomUUID(), role: 'resident', phone: nextPhone(), createdAt: city.clock.toISOString() });
  later(4 * 366 * 86_400);
  const ttl = Math.floor(city.clock.getTime() / 1000) - 3 * 86_400;
  await Promise.all(Array.from({ length: 100 }, () => put('limits', { pk: randomUUID(), sk: 'X', asked: 1, ttl })));
}

/** The process dies with the `at`th write: that is done, and nothing after it. False where there were fewer. */
async function killedAfterWrite(at: number): Promise<boolean> {
  const { db } = city.service.ports;
  const send = db.send.bind(db);
  let writes = 0;
  db.send = (async (command: { constructor: { name: string } }) => {
    if (writes >= at) throw new Error('killed');
    const answer = await send(command as never);
    if (!/Scan|Get|Query/.test(command.constructor.name) && ++writes === at) throw new Error('killed');
    return answer;
  }) as unknown as typeof db.send;
  try {
    await purge();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ message: 'killed' });
    return true;
  } finally {
    db.send = send as typeof db.send;
  }
}

describe('a certificate', () => {
  test('is exact wherever the purge was killed, and names the last link that went', async () => {
    for (let at = 1, killed = true; killed; at++) {
      await whatFallsDue();
      const planned = recordsOf((await purge(true)) ?? {});
      const before = (await newest())?.finishedAt;
      killed = await killedAfterWrite(at);
      later(61);
      const certified = (await newest())?.finishedAt !== before;
      if (!certified) await purge();
      const certificate = await newest();
      expect(certificate?.records, `killed after write ${at}`).toEqual(planned);
      expect(certificate?.records).toMatchObject({ expired: 100, inactive_accounts: 1 });
      expect(Object.keys(certificate?.cutoffs ?? {}).sort()).toEqual(Object.keys(planned).sort());
      expect((await verifyRecord(city.service.ports)).broken, `killed after write ${at}`).toBeUndefined();
    }
    const { audit = 0 } = (await newest())?.records ?? {};
    expect(audit).toBeGreaterThan(1);
  }, 120_000);

  test('counts what went once where two purges begin at once: the second one is told to wait', async () => {
    await whatFallsDue();
    const planned = recordsOf((await purge(true)) ?? {});
    const both = await Promise.allSettled([purge(), purge()]);
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toEqual([expect.any(JobHeld)]);
    expect((await newest())?.records).toEqual(planned);
  });

  test('is given each night, though nothing went: it says where the record ends, and where it begins', async () => {
    const before = await newest();
    later(86_400);
    const end = await city.stores.audit.chainEnd();
    await purge();
    const bureau = await city.someone('bureau');
    const [certificate] = (await bureau.call('GET /v1/purges', { query: {} })).certificates;
    expect(certificate).toEqual({
      startedAt: city.clock.toISOString(),
      finishedAt: city.clock.toISOString(),
      records: {},
      cutoffs: {},
      chainFrom: before?.chainFrom,
      chainEnd: { day: end?.day, seq: end?.seq, hash: end?.hash },
    });
  });

  test('says of each class up to when it went: what runs out by itself is none of the classes with a longer time', async () => {
    const at = (days: number) => new Date(city.clock.getTime() - days * 86_400_000);
    const ttlOf = (time: Date, days: number) => Math.floor(time.getTime() / 1000) + days * 86_400;
    const message = (createdAt: string) => ({
      pk: 'PERSON#x',
      sk: `MESSAGE#${createdAt}#x`,
      createdAt,
      ttl: ttlOf(new Date(createdAt), 180),
    });
    await put('jobs', { pk: 'RUN#send-messages', sk: 'x', finishedAt: at(9).toISOString(), ttl: ttlOf(at(9), 7) });
    await put('messages', message(at(181).toISOString()));
    await put('messages', message(at(180).toISOString()));
    later(1);
    await purge();
    const certificate = await newest();
    expect(certificate?.records).toEqual({ expired: 1, sent_messages: 1 });
    expect(certificate?.cutoffs.sent_messages?.slice(0, 13)).toBe(`${at(181).toISOString().slice(0, 10)}T16`);
    later(86_400);
    await purge();
    expect((await newest())?.records).toEqual({ sent_messages: 1 });
  });
});

test('what has expired and begins anew while it is being purged stays', async () => {
  const ttl = Math.floor(city.clock.getTime() / 1000) - 3 * 86_400;
  await put('limits', { pk: 'again', sk: 'X', ttl });
  await put('limits', { pk: 'gone', sk: 'X', ttl });
  later(1);
  const { db } = city.service.ports;
  const send = db.send.bind(db);
  db.send = (async (command: { constructor: { name: string }; input: { TableName?: string } }) => {
    const answer = await send(command as never);
    if (command.constructor.name === 'ScanCommand' && command.input.TableName?.endsWith('limits'))
      await send(new PutCommand({ TableName: command.input.TableName, Item: { pk: 'again', sk: 'X', ttl: ttl + 9 * 86_400 } }));
    return answer;
  }) as unknown as typeof db.send;
  await purge();
  db.send = send as typeof db.send;
  expect((await newest())?.records).toEqual({ expired: 1 });
});
