import type { AuditEntry } from '../../shared/audit/rules.js';
import { type AreaLevel, areaLevels, cityDistrict } from '../../shared/city/areas.js';
import type { Site } from '../../shared/places/contract.js';
import { hasHouseholds } from '../../shared/places/rules.js';
import { sumUp } from '../../shared/rollups/rules.js';
import { notYet, participationOf } from '../../shared/sorting/rules.js';
import { startOfDay } from '../../shared/time/day.js';
import { addWeeks, daysOf, mondayOf } from '../../shared/time/week.js';
import type { Commit } from '../database/writes.js';
import { logFault } from '../http/log.js';
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
    /** The same from the record, without the sums. */
    recount(siteId: string, week: string): Promise<Sets>;
    /** Absent where the caller may only read. */
    mend?(siteId: string, found: Sets, since: string, until: string): Promise<Sets>;
  };
  readonly now: () => Date;
  readonly newId: () => string;
  /** Puts a revision on record. Absent for a job: what a schedule does has its runs. */
  readonly recording?: (entry: AuditEntry) => Commit;
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
/** A request lives half a minute: what was touched shortly before the last look may have been under way. */
const underWayMs = 60_000;

/** A count under way: what it will be published as, and the time whose check-ins it looks at again. */
interface Count {
  readonly held: Held;
  readonly kind: Kind;
  readonly run: string;
  readonly revision: number;
  readonly since: string;
  readonly until: string;
}

/**
 * Counts a week and publishes it: the numerator from the days as logged, the denominator from the households lived in
 * now or, in a revision, at the close. The cost grows with sites, not with check-ins.
 */
export async function rollUp({ week, kind, run, reason, closedBy }: RollUp, deps: RollUpDeps): Promise<Outcome> {
  const { rollups, now, newId } = deps;
  const held = await rollups.claim(week, kind, { owner: newId(), run }, now());
  if (typeof held === 'string') return { outcome: held };
  const revision = kind === 'count' ? 0 : held.state.revision + 1;
  const count: Count = { held, kind, run, revision, since: sinceOf(held.state), until: now().toISOString() };
  try {
    const counted = await countSites(count, deps);
    const computedAt = now().toISOString();
    const heading: Heading = {
      week,
      revision,
      computedAt,
      ...(kind === 'count' ? {} : { closedAt: computedAt }),
      ...(reason ? { reason } : {}),
      ...(closedBy ? { closedBy } : {}),
    };
    await publish(count, heading, counted, deps);
    return { outcome: 'published', heading, sites: counted.length };
  } catch (error) {
    await rollups.release(held, now()).catch((lost) => logFault('release_failed', lost, { week }));
    throw error;
  }
}

/** From the last look on or, after the first, from the week's first day, however many nights were missed. */
function sinceOf({ week, mendedThrough }: Held['state']): string {
  return mendedThrough ? new Date(Date.parse(mendedThrough) - underWayMs).toISOString() : startOfDay(mondayOf(week)).toISOString();
}

interface Due {
  readonly site: Omit<Site, 'manager'>;
  /** Given where a revision counts against those of the close. */
  readonly occupied?: ReadonlySet<number>;
}

async function countSites(count: Count, deps: RollUpDeps): Promise<Counted[]> {
  const { rollups, now, progress } = deps;
  const { held, kind, run, revision } = count;
  const { week } = held;
  const due: Due[] =
    kind === 'revise'
      ? (await rollups.counted(week, revision - 1)).map((site) => ({ site, occupied: site.occupied }))
      : await householdSites(deps);
  const counted = held.resumed ? (await rollups.counted(week, revision)).filter((site) => site.run === run) : [];
  const done = new Set(counted.map(({ siteId }) => siteId));
  const left = due.filter(({ site }) => !done.has(site.siteId));

  for (let i = 0; i < left.length; i += stride) {
    await rollups.advance(held, counted.length, due.length, now());
    await progress?.(counted.length, due.length);
    const rows = await countSome(count, left.slice(i, i + stride), deps);
    await rollups.keepCounted(week, revision, rows);
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

async function countSome(count: Count, due: readonly Due[], deps: RollUpDeps): Promise<Counted[]> {
  const ids = due.filter(({ occupied }) => !occupied).map(({ site }) => site.siteId);
  const livedIn = await deps.sites.occupiedAt(ids);
  return Promise.all(
    due.map(async ({ site: { siteId, name, siteType, areaCode }, occupied = livedIn.get(siteId) ?? new Set<number>() }) => {
      const logged = await loggedAt(siteId, count, deps);
      const days = daysOf(count.held.week).map((day) => logged.get(day) ?? new Set<number>());
      return {
        siteId,
        name,
        siteType,
        areaCode,
        ...participationOf(days, occupied),
        reported: days.some((day) => day.size > 0),
        dayCounts: days.map((day) => participationOf([day], occupied).done),
        occupied,
        notYet: new Set(notYet(days, occupied)),
        run: count.run,
      };
    }),
  );
}

/** A revision goes back to the record; the others take the sums, mended. */
async function loggedAt(siteId: string, { held: { week }, kind, since, until }: Count, { checkIns }: RollUpDeps): Promise<Sets> {
  if (kind === 'revise') return checkIns.recount(siteId, week);
  const found = await checkIns.week(siteId, week);
  return checkIns.mend ? checkIns.mend(siteId, found, since, until) : found;
}

/** Adds the sites up and sets last week's figures, as they stand today, beside them. */
async function publish(
  { held, until }: Count,
  heading: Heading,
  counted: readonly Counted[],
  { rollups, checkIns, recording }: RollUpDeps,
): Promise<void> {
  const lastWeek = addWeeks(heading.week, -1);
  const [district, street, community] = await Promise.all(areaLevels.map((level) => rollups.level(level, lastWeek)));
  const before = { district, street, community };
  const sums = sumUp(counted);
  const rowsOf = (level: AreaLevel) => {
    const previous = new Map(before[level]?.rows.map(({ areaCode, byType }) => [areaCode, byType]));
    return sums[level].map((row) => ({ ...row, previous: previous.get(row.areaCode) ?? {} }));
  };
  const sitesBefore = new Map(
    (district ? await rollups.siteRows(district) : []).filter(({ reported }) => reported).map((row) => [row.siteId, row]),
  );
  const siteRows = counted.map(({ siteId, name, siteType, areaCode, done, due, reported }): SiteRow => {
    const last = sitesBefore.get(siteId);
    const site = { siteId, name, siteType, areaCode, done, due, reported };
    return last ? { ...site, previous: { done: last.done, due: last.due } } : site;
  });
  const levels = { district: rowsOf('district'), street: rowsOf('street'), community: rowsOf('community') };
  const { week, revision, reason, closedBy } = heading;
  const entry = closedBy && { action: 'week_revised' as const, actorId: closedBy, about: week, reason, facts: { revision } };
  await rollups.publish(held, heading, levels, siteRows, checkIns.mend && until, entry ? recording?.(entry) : undefined);
}
