import { type AreaLevel, areaLevels, cityDistrict } from '../../shared/city/areas.js';
import type { Site } from '../../shared/places/contract.js';
import { hasHouseholds } from '../../shared/places/rules.js';
import { sumUp } from '../../shared/rollups/rules.js';
import { participationOf } from '../../shared/sorting/rules.js';
import { addWeeks, daysOf } from '../../shared/time/week.js';
import type { Counted, Heading, SiteRow } from './figures.js';
import type { RollupsStore } from './store.js';
import type { Held, Kind } from './weeks.js';

type Sets = ReadonlyMap<string, ReadonlySet<number>>;

export interface RollUpDeps {
  readonly rollups: RollupsStore;
  readonly sites: {
    everySite(areaCode: string): AsyncIterable<Site>;
    occupiedAt(siteIds: readonly string[]): Promise<Map<string, ReadonlySet<number>>>;
  };
  readonly checkIns: {
    week(siteId: string, week: string): Promise<Sets>;
    /** Absent where the caller may only read: the nightly job has mended what there was. */
    mend?(siteId: string, found: Sets, since: string, until: string): Promise<Sets>;
  };
  readonly now: () => Date;
  readonly newId: () => string;
  readonly progress?: (done: number, due: number) => void | Promise<void>;
}

export interface RollUp {
  readonly week: string;
  readonly kind: Kind;
  /** Names the run across its attempts: an attempt under the same name goes on where the last one broke off. */
  readonly run: string;
  readonly reason?: string;
  readonly closedBy?: string;
}
export type Outcome =
  | { readonly outcome: 'published'; readonly heading: Heading; readonly sites: number }
  | { readonly outcome: 'closed' | 'open' | 'held' };

/** Sites counted between two extensions of the lease: one batch of rosters read, one of rows written. */
const stride = 25;
/** Batches touched this long before a run are looked at again: the job runs daily, and a request lives half a minute. */
const mendHours = 26;

/**
 * Counts a week and publishes it: the numerator from the days as logged, the denominator from the households lived in
 * now or, in a revision, at the close. The cost grows with sites, not with check-ins.
 */
export async function rollUp({ week, kind, run, reason, closedBy }: RollUp, deps: RollUpDeps): Promise<Outcome> {
  const { rollups, now, newId } = deps;
  const held = await rollups.claim(week, kind, { owner: newId(), run }, now());
  if (typeof held === 'string') return { outcome: held };
  try {
    const counted = await countSites(held, kind, run, deps);
    const computedAt = now().toISOString();
    const heading: Heading = {
      week,
      revision: kind === 'count' ? 0 : held.state.revision + 1,
      computedAt,
      ...(kind === 'count' ? {} : { closedAt: computedAt }),
      ...(reason ? { reason } : {}),
      ...(closedBy ? { closedBy } : {}),
    };
    await publish(held, heading, counted, rollups);
    return { outcome: 'published', heading, sites: counted.length };
  } catch (error) {
    await rollups.release(held, now());
    throw error;
  }
}

interface Due {
  readonly site: Omit<Site, 'manager'>;
  /** Given where a revision counts against those of the close. */
  readonly occupied?: ReadonlySet<number>;
}

async function countSites(held: Held, kind: Kind, run: string, deps: RollUpDeps): Promise<Counted[]> {
  const { rollups, now, progress } = deps;
  const { week } = held;
  const before = kind === 'revise' || held.resumed ? await rollups.counted(week) : [];
  const due = kind === 'revise' ? before.map((site): Due => ({ site, occupied: site.occupied })) : await householdSites(deps);
  const counted = before.filter((site) => site.run === run);
  const done = new Set(counted.map(({ siteId }) => siteId));
  const left = due.filter(({ site }) => !done.has(site.siteId));

  for (let i = 0; i < left.length; i += stride) {
    await rollups.advance(held, counted.length, due.length, now());
    await progress?.(counted.length, due.length);
    const rows = await countSome(week, run, left.slice(i, i + stride), deps);
    await rollups.keepCounted(week, rows);
    counted.push(...rows);
  }
  await progress?.(counted.length, due.length);
  return counted;
}

async function householdSites({ sites }: RollUpDeps): Promise<Due[]> {
  const due: Due[] = [];
  for await (const site of sites.everySite(cityDistrict.areaCode)) if (hasHouseholds(site.siteType)) due.push({ site });
  return due;
}

async function countSome(week: string, run: string, due: readonly Due[], { sites, checkIns, now }: RollUpDeps): Promise<Counted[]> {
  const until = now();
  const since = new Date(until.getTime() - mendHours * 3_600_000);
  const ids = due.filter(({ occupied }) => !occupied).map(({ site }) => site.siteId);
  const livedIn = await sites.occupiedAt(ids);
  return Promise.all(
    due.map(async ({ site: { siteId, name, siteType, areaCode }, occupied = livedIn.get(siteId) ?? new Set<number>() }) => {
      const found = await checkIns.week(siteId, week);
      const logged = checkIns.mend ? await checkIns.mend(siteId, found, since.toISOString(), until.toISOString()) : found;
      const days = daysOf(week).map((day) => logged.get(day) ?? new Set<number>());
      return {
        siteId,
        name,
        siteType,
        areaCode,
        ...participationOf(days, occupied),
        reported: days.some((day) => day.size > 0),
        dayCounts: days.map((day) => participationOf([day], occupied).done),
        occupied,
        run,
      };
    }),
  );
}

/** Adds the sites up and sets last week's figures, as they stand today, beside them. */
async function publish(held: Held, heading: Heading, counted: readonly Counted[], rollups: RollupsStore): Promise<void> {
  const lastWeek = addWeeks(heading.week, -1);
  const [district, street, community] = await Promise.all(areaLevels.map((level) => rollups.level(level, lastWeek)));
  const before = { district, street, community };
  const sums = sumUp(counted);
  const rowsOf = (level: AreaLevel) => {
    const previous = new Map(before[level]?.rows.map(({ areaCode, byType }) => [areaCode, byType]));
    return sums[level].map((row) => ({ ...row, previous: previous.get(row.areaCode) ?? {} }));
  };
  const sitesBefore = new Map(
    (district ? await rollups.siteRows(lastWeek, district.revision) : [])
      .filter(({ reported }) => reported)
      .map((row) => [row.siteId, row]),
  );
  const siteRows = counted.map(({ occupied: _, dayCounts: __, run: ___, ...site }): SiteRow => {
    const last = sitesBefore.get(site.siteId);
    return last ? { ...site, previous: { done: last.done, due: last.due } } : site;
  });
  await rollups.publish(
    held,
    heading,
    { district: rowsOf('district'), street: rowsOf('street'), community: rowsOf('community') },
    siteRows,
  );
}
