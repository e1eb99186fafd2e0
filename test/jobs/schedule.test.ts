import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cron } from 'croner';
import { afterAll, expect, test } from 'vitest';
import { placesStore } from '../../functions/places/store.js';
import { rollupsStore } from '../../functions/rollups/store.js';
import { startService } from '../../infra/local/service.js';
import { jobs, jobZone } from '../../shared/catalog.js';
import { weekOfRun } from '../../shared/rollups/rules.js';
import { firstOpenWeek, weekClosesAt } from '../../shared/sorting/rules.js';
import { cuihu } from '../support/city.js';

const dataDir = mkdtempSync(join(tmpdir(), 'gongzhi-schedule-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('the weekly job comes on Monday at 02:00 in Shanghai and closes the week before, at New Year too', () => {
  const next = new Cron(jobs['roll-up-week'].cron, { timezone: jobZone, paused: true }).nextRun(new Date('2026-12-30T00:00:00Z')) as Date;
  expect(next.toISOString()).toBe('2027-01-03T18:00:00.000Z');
  expect(weekOfRun('roll-up-week', next)).toBe('2026-W53');
  expect(weekClosesAt('2026-W53')).toEqual(next);
  expect([firstOpenWeek(new Date(next.getTime() - 1)), firstOpenWeek(next)]).toEqual(['2026-W53', '2027-W01']);
});
test('the daily job comes at 23:30 in Shanghai and counts the week in hand', () => {
  const next = new Cron(jobs['roll-up-day'].cron, { timezone: jobZone, paused: true }).nextRun(new Date('2027-01-03T12:00:00Z')) as Date;
  expect(next.toISOString()).toBe('2027-01-03T15:30:00.000Z');
  expect(weekOfRun('roll-up-day', next)).toBe('2026-W53');
});

test('a laptop that slept through three Mondays closes the weeks it missed, and none it never had', async () => {
  const states = async (at: string, weeks: readonly string[]) => {
    const now = () => new Date(at);
    const service = await startService({ dataDir, port: 0, schedule: true, now });
    const { db, tableNames } = service.ports;
    await placesStore(db, tableNames.places).keepSite('5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10', {
      name: '花园',
      siteType: 'estate',
      areaCode: cuihu,
    });
    const rollups = rollupsStore(db, tableNames.rollups);
    const closed = await Promise.all(weeks.map(async (week) => Boolean((await rollups.stateOf(week)).closedAt)));
    if (weeks.length === 1) await service.jobs({ job: 'roll-up-week', scheduledAt: now() });
    await service.stop();
    return closed;
  };
  expect(await states('2026-11-02T03:00:00Z', ['2026-W44'])).toEqual([false]);
  // Monday, 01:59 in Shanghai: that week's own hour has not come.
  expect(await states('2026-11-22T17:59:00Z', ['2026-W44', '2026-W45', '2026-W46', '2026-W47'])).toEqual([true, true, true, false]);
  expect(await states('2026-11-22T18:00:00Z', ['2026-W43', '2026-W47', '2026-W48'])).toEqual([false, true, false]);
});
