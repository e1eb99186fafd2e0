import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { chance } from '../../infra/local/seed/chance.js';
import { demoPeople, demoSites } from '../../infra/local/seed/city.js';
import { habitOf, roundsOf } from '../../infra/local/seed/history.js';
import { areaOf } from '../../shared/city/areas.js';
import { useCity } from '../support/city.js';

/*
 * Six weeks of check-ins go in through the interface, batch by batch, with some sent twice, some undone, and households
 * that move. What every rollup says is then compared with a recount that shares no code with the service: it keeps the
 * raw batches in an array and counts them with loops.
 */
const city = useCity('2026-12-01T04:00:00Z');
const weeks = ['2026-W49', '2026-W50', '2026-W51', '2026-W52', '2026-W53', '2027-W01'];
const mondays = ['2026-11-30', '2026-12-07', '2026-12-14', '2026-12-21', '2026-12-28', '2027-01-04'];

interface Raw {
  readonly siteId: string;
  readonly batchId: string;
  readonly day: string;
  readonly nos: readonly number[];
  undone: boolean;
}
interface RawSite {
  readonly siteId: string;
  readonly areaCode: string;
  readonly siteType: string;
  readonly occupied: Set<number>;
}

test('six weeks across New Year, replayed through the interface, add up to what a naive recount of the raw batches finds', async () => {
  const dice = chance(2026);
  const people = demoPeople(dice);
  const chosen = demoSites(dice, people.managers)
    .filter(({ households }) => households.length > 0)
    .slice(0, 24)
    .map((site) => ({ ...site, households: site.households.slice(0, 60) }));
  const manager = await city.someone('manager');
  const bureau = await city.someone('bureau');
  const raw: Raw[] = [];
  const sites: RawSite[] = [];
  const denominators: Record<string, Map<string, number[]>> = {};

  for (const site of chosen) {
    const { siteId, name, siteType, areaCode } = site;
    await bureau.call('PUT /v1/sites/{siteId}', { path: { siteId }, body: { name, siteType, areaCode } });
    await bureau.call('PUT /v1/sites/{siteId}/manager', {
      path: { siteId },
      body: { personId: manager.caller.personId, organisation: '物业' },
    });
    const households = site.households.map((entry) => ({ ...entry }));
    await manager.call('PUT /v1/sites/{siteId}/households', { path: { siteId }, body: { households } });
    const occupied = new Set(site.households.filter((entry) => entry.occupied).map(({ householdNo }) => householdNo));
    sites.push({ siteId, areaCode, siteType, occupied });
  }

  const put = ({ siteId, batchId, day, nos }: Raw) =>
    manager.call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
      path: { siteId, batchId },
      body: { checkInDay: day, householdNos: [...nos], source: 'list' },
    });

  for (const [w, week] of weeks.entries()) {
    city.clock = new Date(`${addDays(mondays[w] as string, 6)}T13:00:00Z`);
    for (const site of chosen) {
      const habit = { ...habitOf(dice, site, { usual: 0, ofWeek: [] }), silent: 0.15 };
      for (const { batchId, day, admitted } of roundsOf(dice, site, habit, week, 0, '2099-12-31')) {
        if (!admitted.size) continue;
        const batch: Raw = { siteId: site.siteId, batchId, day, nos: [...admitted], undone: false };
        await put(batch);
        if (dice.happens(0.1)) await put(batch);
        if (dice.happens(0.08)) {
          const overlap: Raw = { ...batch, batchId: randomUUID(), nos: batch.nos.slice(0, 10), undone: false };
          await put(overlap);
          raw.push(overlap);
        }
        if (dice.happens(0.1)) {
          await manager.call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', {
            path: { siteId: batch.siteId, batchId },
            body: { reason: '重复登记' },
          });
          batch.undone = true;
        }
        raw.push(batch);
      }
    }
    // Some move out in mid-week, after they checked in.
    for (const site of sites.slice(0, 5)) {
      const mover = [...site.occupied][w];
      if (mover === undefined) continue;
      await manager.call('PUT /v1/sites/{siteId}/households', {
        path: { siteId: site.siteId },
        body: { households: [{ householdNo: mover, label: '搬走', occupied: false }] },
      });
      site.occupied.delete(mover);
    }
    denominators[week] = new Map(sites.map(({ siteId, occupied }) => [siteId, [...occupied]]));
    city.clock = new Date(`${addDays(mondays[w] as string, 6)}T18:00:00Z`);
    await city.service.jobs({ job: 'roll-up-week', scheduledAt: city.clock });
  }

  let compared = 0;
  for (const [w, week] of weeks.entries()) {
    const bySite = recount(raw, sites, denominators[week] as Map<string, number[]>, mondays[w] as string);
    for (const level of ['district', 'street', 'community', 'site'] as const) {
      for (const siteType of [undefined, 'estate', 'urban_village'] as const) {
        const { rows, status, revision } = await bureau.call('GET /v1/rollups/{week}', {
          path: { week },
          query: { level, limit: 200, ...(siteType ? { siteType } : {}) },
        });
        expect([status, revision]).toEqual(['closed', 1]);
        for (const row of rows) {
          const length = { district: 6, street: 9, community: 12, site: 12 }[level];
          const own = bySite.filter(
            (site) =>
              (!siteType || site.siteType === siteType) &&
              (level === 'site' ? site.siteId === row.siteId : site.areaCode.slice(0, length) === row.areaCode),
          );
          let done = 0;
          let due = 0;
          let reporting = 0;
          for (const site of own) {
            if (!site.reported) continue;
            done += site.done;
            due += site.due;
            reporting++;
          }
          expect({ week, level, name: row.name, ...row.participation, sitesDue: row.sitesDue, sitesReporting: row.sitesReporting }).toEqual(
            {
              week,
              level,
              name: level === 'site' ? row.name : areaOf(row.areaCode)?.name,
              done,
              due,
              sitesDue: own.length,
              sitesReporting: reporting,
            },
          );
          expect(row.rate).toBe(due ? Math.round((done / due) * 10_000) / 10_000 : null);
          compared++;
        }
      }
    }
  }
  console.log(`${raw.length} raw batches, ${compared} rows of rollups compared`);
  expect(raw.length).toBeGreaterThan(700);
  expect(compared).toBeGreaterThan(500);
}, 240_000);

function recount(raw: readonly Raw[], sites: readonly RawSite[], denominator: Map<string, number[]>, monday: string) {
  const days = [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(monday, n));
  return sites.map(({ siteId, areaCode, siteType }) => {
    const occupied = denominator.get(siteId) as number[];
    let reported = false;
    let done = 0;
    for (const no of occupied) {
      let took = false;
      for (const batch of raw) {
        if (batch.siteId !== siteId || batch.undone || !days.includes(batch.day)) continue;
        reported = true;
        if (batch.nos.includes(no)) took = true;
      }
      if (took) done++;
    }
    return { siteId, areaCode, siteType, reported, done, due: occupied.length };
  });
}

function addDays(day: string, n: number): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setDate(date.getDate() + n);
  return date.toISOString().slice(0, 10);
}
