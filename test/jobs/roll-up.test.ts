import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { JobHeld } from '../../functions/jobs/run-job.js';
import { runStore } from '../../functions/jobs/runs.js';
import { countingJobs } from '../../functions/jobs/wiring.js';
import { rollUp } from '../../functions/rollups/roll-up.js';
import { addWeeks, mondayOf } from '../../shared/time/week.js';
import { guangming, refusal, type Someone, useCity } from '../support/city.js';

const city = useCity();
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const route = 'PUT /v1/sites/{siteId}/check-ins/{batchId}';

/** Each scene has a year of its own, so that scenes on one database do not meet. */
let year = 2030;
async function scene(sites: readonly number[] = [10, 20]) {
  const week = `${++year}-W20`;
  const monday = mondayOf(week);
  const closesAt = new Date(Date.parse(`${mondayOf(addWeeks(week, 1))}T02:00:00+08:00`));
  city.clock = new Date(Date.parse(`${monday}T20:00:00+08:00`));
  const [manager, bureau] = [await city.someone('manager'), await city.someone('bureau')];
  const name = `第${year}小区`;
  const siteIds: string[] = [];
  for (const size of sites) siteIds.push(await city.estate(size, { manager, name }));
  const log = (siteId: string, householdNos: number[], checkInDay = monday) =>
    manager.call(route, { path: { siteId, batchId: randomUUID() }, body: { checkInDay, householdNos, source: 'list' } });
  const close = () => {
    city.clock = closesAt;
    return city.service.jobs({ job: 'roll-up-week', scheduledAt: closesAt });
  };
  const rows = async (query: { level: 'district' | 'site'; revision?: number }) => {
    const answer = await bureau.call('GET /v1/rollups/{week}', { path: { week }, query: { ...query, limit: 200 } });
    return { ...answer, rows: answer.rows.filter((row) => query.level !== 'site' || row.name === name) };
  };
  return { week, monday, closesAt, manager, bureau, siteIds: siteIds as [string, string], log, close, rows };
}
const deps = () => {
  const { rollups, places, sorting } = city.stores;
  return { rollups, sites: places, checkIns: sorting, now: () => city.clock, newId: randomUUID };
};

describe('closing a week', () => {
  test('counts what reported, leaves out what is missing, and says how many sites did', async () => {
    const { week, siteIds, manager, log, close, rows, closesAt } = await scene([10, 20]);
    await log(siteIds[0], [1, 2, 3]);
    await close();
    const { rows: sites, ...head } = await rows({ level: 'site' });
    expect(head).toMatchObject({ week, status: 'closed', revision: 1, closedAt: closesAt.toISOString() });
    expect(
      sites.map(({ participation, rate, rank, sitesDue, sitesReporting }) => ({
        participation,
        rate,
        rank: rank !== null,
        sitesDue,
        sitesReporting,
      })),
    ).toEqual([
      { participation: { done: 3, due: 10 }, rate: 0.3, rank: true, sitesDue: 1, sitesReporting: 1 },
      { participation: { done: 0, due: 0 }, rate: null, rank: false, sitesDue: 1, sitesReporting: 0 },
    ]);
    const weekOf = (siteId: string) => manager.call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId, week } });
    expect([(await weekOf(siteIds[0])).reported, (await weekOf(siteIds[1])).reported]).toEqual([true, false]);
    const { rows: district } = await rows({ level: 'district' });
    expect(district[0]).toMatchObject({ participation: { done: 3, due: 10 }, rate: 0.3, sitesReporting: 1 });
  });

  test('shuts it for check-ins and for the manager’s undo, but not for an answer that got lost', async () => {
    const { monday, manager, siteIds, close } = await scene();
    const sent = {
      path: { siteId: siteIds[0], batchId: randomUUID() },
      body: { checkInDay: monday, householdNos: [1, 99], source: 'offline' as const },
    };
    const before = await manager.call(route, sent);
    await close();
    expect(await refusal(manager.call(route, { ...sent, path: { ...sent.path, batchId: randomUUID() } }))).toBe('day_not_open');
    expect(
      await refusal(manager.call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: sent.path, body: { reason: '晚了' } })),
    ).toBe('day_not_open');
    expect(await manager.call(route, sent)).toEqual({ ...before, alreadyCheckedIn: 1 });
    expect(await refusal(manager.call(route, { ...sent, body: { ...sent.body, householdNos: [1] } }))).toBe('batch_differs');
  });

  test('twice, or five times at once, is closing it once', async () => {
    const { week, siteIds, log, close, bureau } = await scene();
    await log(siteIds[0], [1]);
    const closings = await Promise.allSettled(Array.from({ length: 5 }, close));
    for (const closing of closings) if (closing.status === 'rejected') expect(closing.reason).toBeInstanceOf(JobHeld);
    expect(await close()).toBeUndefined();
    const { revisions } = await bureau.call('GET /v1/rollups/{week}/revisions', { path: { week } });
    expect(revisions.map(({ revision }) => revision)).toEqual([1]);
    const { runs } = await bureau.call('GET /v1/job-runs', { query: { job: 'roll-up-week', limit: 1 } });
    expect(runs[0]).toMatchObject({ about: week, status: 'done' });
  });

  test('before its Sunday is over is refused', async () => {
    const { week, closesAt } = await scene();
    city.clock = new Date(closesAt.getTime() - 2 * 3_600_000 - 1);
    await expect(city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock, week })).rejects.toThrow(/not over/);
    await expect(city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock, week: '2020-W01' })).rejects.toThrow(/had to sort/);
  });

  test('follows last night’s provisional figures and replaces them', async () => {
    const { week, siteIds, log, close, rows } = await scene();
    await log(siteIds[0], [1]);
    await city.service.jobs({ job: 'roll-up-day', scheduledAt: city.clock, week });
    const provisional = await rows({ level: 'site' });
    expect(provisional).toMatchObject({ status: 'provisional', revision: 0, closedAt: null });
    expect(provisional.rows.every(({ previousRate }) => previousRate === null)).toBe(true);
    await log(siteIds[0], [2]);
    await city.service.jobs({ job: 'roll-up-day', scheduledAt: new Date(city.clock.getTime() + 60_000), week });
    expect((await rows({ level: 'site' })).rows[0]?.participation).toEqual({ done: 2, due: 10 });
    await log(siteIds[1], [1]);
    await close();
    const closed = await rows({ level: 'site' });
    expect([closed.status, closed.rows.length, closed.rows.filter(({ sitesReporting }) => sitesReporting).length]).toEqual([
      'closed',
      2,
      2,
    ]);
    expect((await rows({ level: 'site', revision: 0 })).status).toBe('provisional');
    expect(await city.service.jobs({ job: 'roll-up-day', scheduledAt: new Date(city.clock.getTime() + 1), week })).toMatchObject({
      sites: 0,
    });
  });

  test('shows each site’s and area’s rate of the week before', async () => {
    const { siteIds, log, close, manager, week } = await scene([10]);
    await log(siteIds[0], [1, 2, 3]);
    await close();
    const next = addWeeks(week, 1);
    city.clock = new Date(Date.parse(`${mondayOf(next)}T20:00:00+08:00`));
    await manager.call(route, {
      path: { siteId: siteIds[0], batchId: randomUUID() },
      body: { checkInDay: mondayOf(next), householdNos: [1, 2, 3, 4], source: 'list' },
    });
    city.clock = new Date(Date.parse(`${mondayOf(addWeeks(next, 1))}T02:00:00+08:00`));
    await city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock });
    const bureau = await city.someone('bureau');
    for (const level of ['site', 'community', 'street', 'district'] as const) {
      const { rows } = await bureau.call('GET /v1/rollups/{week}', { path: { week: next }, query: { level } });
      expect(rows.find(({ rate }) => rate !== null)).toMatchObject({ rate: 0.4, previousRate: 0.3, rank: 1 });
    }
  });
});

describe('nights that were missed', () => {
  test('lose nothing: the next count mends what broke off at any time of the week', async () => {
    const { week, monday, siteIds, close, rows } = await scene([10]);
    const loggedAt = city.clock.toISOString();
    await city.stores.sorting.keepBatch(siteIds[0], {
      batchId: randomUUID(),
      day: monday,
      source: 'scan',
      admitted: new Set([1, 2]),
      rejected: [],
      loggedBy: randomUUID(),
      loggedAt,
    });
    await close();
    expect((await rows({ level: 'site' })).rows[0]?.participation).toEqual({ done: 2, due: 10 });
    expect((await city.stores.sorting.week(siteIds[0], week)).get(monday)).toEqual(new Set([1, 2]));
  });

  test('leave no week open: the next closing closes what was missed, a closing that had failed too', async () => {
    const { week, closesAt } = await scene([5]);
    const held = await city.stores.rollups.claim(week, 'close', { owner: 'gone', run: 'gone' }, closesAt);
    if (typeof held === 'string') throw new Error(held);
    await city.stores.rollups.release(held, closesAt);
    city.clock = new Date(closesAt.getTime() + 2 * 7 * 86_400_000);
    await city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock });
    for (const missed of [week, addWeeks(week, 1), addWeeks(week, 2)]) {
      expect(await city.stores.rollups.stateOf(missed)).toMatchObject({ revision: 1, closedAt: city.clock.toISOString() });
    }
  });
});

describe('a run that is killed', () => {
  /** Dies, as a function does that is stopped, after so many sites were written. */
  async function dieAfter(writes: number, week: string, run: string) {
    let left = writes;
    const { rollups, ...rest } = deps();
    const dying = {
      ...rollups,
      keepCounted: async (...args: Parameters<typeof rollups.keepCounted>) => {
        if (left-- === 0) throw new Error('killed');
        await rollups.keepCounted(...args);
      },
      // Nothing is tidied up by a process that is gone.
      release: async () => {},
    };
    await expect(rollUp({ week, kind: 'close', run }, { ...rest, rollups: dying })).rejects.toThrow('killed');
  }

  test('is resumed where it broke off, once its hold on the week has run out', async () => {
    const { week, closesAt, siteIds, log, rows } = await scene(Array.from({ length: 60 }, () => 3));
    for (const siteId of siteIds) await log(siteId, [1]);
    city.clock = closesAt;
    const run = `roll-up-week ${closesAt.toISOString()}`;
    await dieAfter(2, week, run);
    await expect(city.service.jobs({ job: 'roll-up-week', scheduledAt: closesAt })).rejects.toThrow(JobHeld);

    city.clock = new Date(closesAt.getTime() + 31_000);
    const counted: string[] = [];
    const { checkIns, ...rest } = deps();
    const watched = {
      ...checkIns,
      week: (siteId: string, isoWeek: string) => {
        counted.push(siteId);
        return checkIns.week(siteId, isoWeek);
      },
    };
    const result = await rollUp({ week, kind: 'close', run }, { ...rest, checkIns: watched });
    expect(result).toMatchObject({ outcome: 'published' });
    const { sites } = result as { sites: number };
    expect(counted).toHaveLength(sites - 50);
    const { rows: shown } = await rows({ level: 'site' });
    expect(shown).toHaveLength(60);
    expect(shown.every(({ participation }) => participation.done === 1 && participation.due === 3)).toBe(true);
  });

  test('does not open the week again', async () => {
    const { week, closesAt, siteIds, log } = await scene();
    city.clock = closesAt;
    await dieAfter(0, week, 'x');
    expect(await refusal(log(siteIds[0], [1]))).toBe('day_not_open');
  });

  test('cannot overtake the one that took over from it', async () => {
    const { week, closesAt, siteIds, log, rows } = await scene([10]);
    await log(siteIds[0], [1]);
    city.clock = closesAt;
    const { rollups, ...rest } = deps();
    let takeOver: Promise<unknown> | undefined;
    const slow = {
      ...rollups,
      // While this run pauses, its lease runs out and another closes the week.
      publish: async (...args: Parameters<typeof rollups.publish>) => {
        city.clock = new Date(closesAt.getTime() + 60_000);
        takeOver = rollUp({ week, kind: 'close', run: 'second' }, deps());
        await takeOver;
        await rollups.publish(...args);
      },
    };
    await expect(rollUp({ week, kind: 'close', run: 'first' }, { ...rest, rollups: slow })).rejects.toThrow();
    expect(await takeOver).toMatchObject({ outcome: 'published' });
    expect(await rows({ level: 'site' })).toMatchObject({ revision: 1, computedAt: new Date(closesAt.getTime() + 60_000).toISOString() });
  });

  test('is shown as interrupted, and a failed one as failed', async () => {
    const { week, closesAt, bureau } = await scene();
    city.clock = closesAt;
    const runs = runStore(city.service.ports.db, city.service.ports.tableNames.jobs);
    const run = await runs.claimRun(
      { job: 'roll-up-week', scheduledAt: closesAt.toISOString(), about: week, owner: 'gone' },
      new Date(closesAt.getTime() - 61_000),
    );
    if (typeof run === 'string') throw new Error(run);
    const newest = async () => (await bureau.call('GET /v1/job-runs', { query: { job: 'roll-up-week', limit: 1 } })).runs[0];
    expect(await newest()).toMatchObject({ about: week, status: 'interrupted', finishedAt: null });
    await runs.advanceRun(run, 7, 9, city.clock);
    expect(await newest()).toMatchObject({ status: 'running', progress: { done: 7, due: 9 } });

    const { db } = city.service.ports;
    const broken = countingJobs({
      ...city.service.ports,
      db: {
        ...db,
        send: (command: { constructor: { name: string } }) =>
          command.constructor.name === 'TransactWriteCommand'
            ? Promise.reject(new Error('the database is away'))
            : db.send(command as never),
      } as unknown as typeof db,
    });
    await expect(broken({ job: 'roll-up-week', scheduledAt: new Date(closesAt.getTime() + 1), week })).rejects.toThrow('away');
    expect(await newest()).toMatchObject({ status: 'failed' });
    expect(await city.service.jobs({ job: 'roll-up-week', scheduledAt: new Date(closesAt.getTime() + 1), week })).toMatchObject({
      weeksMadeUpFor: 0,
    });
    expect(await newest()).toMatchObject({ status: 'done', result: { weeksMadeUpFor: 0 } });
  });
});

describe('a revision', () => {
  const revise = (bureau: Someone, week: string, reason = '更正') =>
    bureau.call('POST /v1/rollups/{week}/revisions', { path: { week }, body: { reason } });

  test('recounts the record against the households of the close, and every revision stays readable', async () => {
    const { week, monday, siteIds, manager, bureau, close, rows } = await scene([10]);
    const mistaken = { siteId: siteIds[0], batchId: randomUUID() };
    await manager.call(route, { path: mistaken, body: { checkInDay: monday, householdNos: numbers(8), source: 'list' } });
    await manager.call(route, {
      path: { siteId: siteIds[0], batchId: randomUUID() },
      body: { checkInDay: monday, householdNos: [1, 2], source: 'list' },
    });
    await close();
    await city.stores.places.enter(siteIds[0], [{ householdNo: 2, label: '1栋1单元2', occupied: false }]);
    const officer = await city.someone('officer', guangming);
    await officer.call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: mistaken, body: { reason: '整栋误登' } });
    expect((await rows({ level: 'site' })).rows[0]?.participation).toEqual({ done: 8, due: 10 });
    const week1 = await manager.call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId: siteIds[0], week } });
    expect(week1).toMatchObject({ status: 'closed', participation: { done: 8, due: 10 }, occupied: 10 });

    expect(await revise(bureau, week, '整栋误登')).toMatchObject({ week, revision: 2, reason: '整栋误登' });
    expect((await rows({ level: 'site' })).rows[0]?.participation).toEqual({ done: 2, due: 10 });
    expect((await rows({ level: 'site', revision: 1 })).rows[0]?.participation).toEqual({ done: 8, due: 10 });
    const { revisions } = await bureau.call('GET /v1/rollups/{week}/revisions', { path: { week } });
    expect(revisions).toMatchObject([
      { revision: 2, reason: '整栋误登', closedBy: bureau.caller.personId, participation: { done: 2, due: 10 } },
      { revision: 1, reason: null, closedBy: null, participation: { done: 8, due: 10 } },
    ]);
    const week2 = await manager.call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId: siteIds[0], week } });
    expect(week2).toMatchObject({ participation: { done: 2, due: 10 }, notYet: [3, 4, 5, 6, 7, 8, 9, 10] });
  });

  test('counts the sites of the close, not one that had become an office before it', async () => {
    const { week, siteIds, log, bureau, close, rows } = await scene([10, 10]);
    await log(siteIds[0], [1, 2]);
    await log(siteIds[1], [1, 2, 3]);
    await city.service.jobs({ job: 'roll-up-day', scheduledAt: city.clock, week });
    const facts = await city.stores.places.site(siteIds[1]);
    await city.stores.places.keepSite(siteIds[1], { name: facts?.name as string, siteType: 'office', areaCode: '440311001005' });
    await close();
    await revise(bureau, week);
    expect((await rows({ level: 'site' })).rows.map(({ participation }) => participation)).toEqual([{ done: 2, due: 10 }]);
  });

  test('that fails to be published is not seen from anywhere', async () => {
    const { week, monday, siteIds, manager, close } = await scene([10]);
    const mistaken = { siteId: siteIds[0], batchId: randomUUID() };
    await manager.call(route, { path: mistaken, body: { checkInDay: monday, householdNos: numbers(8), source: 'list' } });
    await close();
    const siteWeek = () => manager.call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId: siteIds[0], week } });
    const before = await siteWeek();
    const officer = await city.someone('officer', guangming);
    await officer.call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: mistaken, body: { reason: '误登' } });
    expect(await siteWeek()).toEqual(before);
    const { rollups, ...rest } = deps();
    const failing = { ...rollups, publish: () => Promise.reject(new Error('the database is away')) };
    await expect(rollUp({ week, kind: 'revise', run: 'r' }, { ...rest, rollups: failing })).rejects.toThrow('away');
    expect(await siteWeek()).toEqual(before);
    expect(before).toMatchObject({ participation: { done: 8, due: 10 }, notYet: [9, 10] });
  });

  test('by ten at once leaves whole revisions with numbers in a row', async () => {
    const { week, bureau, close } = await scene([5]);
    await close();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refusal(revise(bureau, week))));
    const made = answers.filter((answer) => answer === 'allowed').length;
    expect(made).toBeGreaterThan(0);
    expect(answers.every((answer) => answer === 'allowed' || answer === 'revision_running')).toBe(true);
    const first = await bureau.call('GET /v1/rollups/{week}/revisions', { path: { week }, query: { limit: 1 } });
    expect(first.revisions[0]?.revision).toBe(made + 1);
    const rest = await bureau.call('GET /v1/rollups/{week}/revisions', { path: { week }, query: { cursor: first.nextCursor as string } });
    expect(rest.revisions.map(({ revision }) => revision)).toEqual(numbers(made).reverse());
  });

  test('of a week that is not closed, or not known, is refused', async () => {
    const { week, bureau } = await scene();
    expect(await refusal(revise(bureau, week))).toBe('week_not_closed');
    expect(await refusal(revise(bureau, '2019-W10'))).toBe('week_not_closed');
  });
});

describe('reading', () => {
  test('a list is ranked within what was asked for, and page two is of the revision of page one', async () => {
    const { week, siteIds, log, close, bureau } = await scene([10, 10, 10, 10]);
    await log(siteIds[0], numbers(2));
    await log(siteIds[1], numbers(8));
    await log((siteIds as string[])[2] as string, numbers(2));
    await close();
    const page = (limit: number, cursor?: string) =>
      bureau.call('GET /v1/rollups/{week}', {
        path: { week },
        query: { level: 'site', areaCode: '440311001005', limit, ...(cursor ? { cursor } : {}) },
      });
    const whole = await page(200);
    expect(whole.rows.filter(({ rank }) => rank !== null).map(({ rate, rank }) => [rate, rank])).toEqual([
      [0.8, 1],
      [0.2, 2],
      [0.2, 2],
    ]);
    const first = await page(2);
    await bureau.call('POST /v1/rollups/{week}/revisions', { path: { week }, body: { reason: '再算' } });
    expect(
      await refusal(
        bureau.call('GET /v1/rollups/{week}/revisions', { path: { week }, query: { cursor: Buffer.from('1').toString('base64url') } }),
      ),
    ).toBe('invalid_cursor');
    const second = await page(200, first.nextCursor as string);
    expect(second.revision).toBe(1);
    expect([...first.rows, ...second.rows]).toEqual(whole.rows);
  });

  test('a site that moves in mid-week stands once in the provisional list', async () => {
    const { week, siteIds, log, rows } = await scene([10]);
    await log(siteIds[0], [1]);
    const count = (minutes: number) => {
      city.clock = new Date(city.clock.getTime() + minutes * 60_000);
      return city.service.jobs({ job: 'roll-up-day', scheduledAt: city.clock, week });
    };
    await count(1);
    const site = await city.stores.places.site(siteIds[0]);
    await city.stores.places.keepSite(siteIds[0], { name: site?.name as string, siteType: 'estate', areaCode: '440311002003' });
    await count(1);
    expect((await rows({ level: 'site' })).rows.map(({ areaCode }) => areaCode)).toEqual(['440311002003']);
  });

  test('a trend shows each week in its newest revision, up to a year, in the right order of years', async () => {
    const { week, siteIds, log, close, bureau } = await scene([10]);
    await log(siteIds[0], numbers(4));
    await city.service.jobs({ job: 'roll-up-day', scheduledAt: city.clock, week });
    await close();
    const trend = (from: string, to: string) =>
      bureau.call('GET /v1/areas/{areaCode}/trend', { path: { areaCode: '440311' }, query: { from, to } });
    const { weeks } = await trend(addWeeks(week, -3), addWeeks(week, 3));
    expect(weeks).toMatchObject([{ week, status: 'closed', revision: 1, participation: { done: 4, due: 10 } }]);
    const ofType = (siteType: 'estate' | 'urban_village') =>
      bureau.call('GET /v1/areas/{areaCode}/trend', { path: { areaCode: '440311' }, query: { from: week, to: week, siteType } });
    expect((await ofType('estate')).weeks).toMatchObject([{ participation: { done: 4, due: 10 } }]);
    expect((await ofType('urban_village')).weeks).toMatchObject([{ participation: { done: 0, due: 0 }, rate: null, sitesDue: 0 }]);
    expect(await refusal(trend('2027-W01', '2026-W53'))).toBe('invalid_request');
    expect(await refusal(trend('2026-W01', '2027-W01'))).toBe('invalid_request');
    expect(await refusal(trend('2026-W01', '2026-W53'))).toBe('allowed');
    expect(
      await refusal(bureau.call('GET /v1/areas/{areaCode}/trend', { path: { areaCode: '110101' }, query: { from: week, to: week } })),
    ).toBe('area_not_found');
  });
});

test('around midnight in Shanghai a check-in belongs to the day and week of the city', async () => {
  const manager = await city.someone('manager');
  const siteId = await city.estate(5, { manager });
  const log = (checkInDay: string) =>
    refusal(manager.call(route, { path: { siteId, batchId: randomUUID() }, body: { checkInDay, householdNos: [1], source: 'list' } }));
  // Sunday 3 January 2027, 23:59:59 in Shanghai.
  city.clock = new Date('2027-01-03T15:59:59Z');
  expect([await log('2027-01-03'), await log('2027-01-04')]).toEqual(['allowed', 'day_not_open']);
  city.clock = new Date('2027-01-03T16:00:00Z');
  expect([await log('2027-01-03'), await log('2027-01-04')]).toEqual(['allowed', 'allowed']);
  city.clock = new Date('2027-01-03T18:00:00Z');
  expect(await city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock })).toMatchObject({ weeksMadeUpFor: 0 });
  expect((await city.stores.rollups.level('district', '2026-W53'))?.closedAt).toBeDefined();
  expect([await log('2027-01-03'), await log('2027-01-04'), await log('2020-08-31')]).toEqual(['day_not_open', 'allowed', 'day_not_open']);
  const week = await manager.call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId, week: '2026-W53' } });
  expect(week.days.map(({ participation }) => participation.done)).toEqual([0, 0, 0, 0, 0, 0, 1]);
});
