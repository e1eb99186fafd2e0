import type { AuditEntry } from '../../shared/audit/rules.js';
import type { Handlers } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { Site } from '../../shared/places/contract.js';
import { actsAt, hasHouseholds } from '../../shared/places/rules.js';
import type { sortingContract } from '../../shared/sorting/contract.js';
import { admit, dayIsOpen, notYet, participationOf, type Rate, type Roster, sameRound } from '../../shared/sorting/rules.js';
import { cityDay } from '../../shared/time/day.js';
import { daysOf, weekOf } from '../../shared/time/week.js';
import type { Commit } from '../database/writes.js';
import type { Batch } from './batches.js';
import type { SortingStore } from './store.js';

export interface SortingDeps {
  readonly sorting: SortingStore;
  readonly sites: { siteWithRoster(siteId: string): Promise<{ site: Site; roster: Roster } | undefined> };
  readonly weeks: {
    isClosed(week: string): Promise<boolean>;
    /** A site's week as the newest revision of a closed week has it. */
    closedSiteWeek(week: string, siteId: string): Promise<ClosedSiteWeek | undefined>;
  };
  readonly recording: (entry: AuditEntry) => Commit;
  readonly now: () => Date;
}
interface ClosedSiteWeek {
  readonly participation: Rate;
  readonly dayCounts: readonly number[];
  readonly occupied: ReadonlySet<number>;
  readonly notYet: readonly number[];
  readonly reported: boolean;
}

export const sortingHandlers: Handlers<typeof sortingContract, SortingDeps> = {
  async 'PUT /v1/sites/{siteId}/check-ins/{batchId}'({ path: { siteId, batchId }, body, caller }, deps) {
    const { sorting, sites, now } = deps;
    const found = await sites.siteWithRoster(siteId);
    if (!found || !actsAt(caller, found.site)) throw new Failure('site_not_found');
    if (!hasHouseholds(found.site.siteType)) throw new Failure('site_without_households');
    const { checkInDay: day, householdNos, source } = body;

    if (!(await isOpen(day, deps))) {
      // A phone that lost the reply may ask again after the close: what was logged in time is still answered.
      const logged = await sorting.batch(siteId, batchId);
      if (!logged) throw new Failure('day_not_open');
      return replyFor(standing(logged, body), logged.admitted.size);
    }
    const { admitted, rejected } = admit(householdNos, found.roster);
    const round = { batchId, day, source, admitted: new Set(admitted), rejected, loggedBy: caller.personId, loggedAt: now().toISOString() };
    const logged = standing(await sorting.keepBatch(siteId, round), body);
    return replyFor(logged, logged.admitted.size ? await sorting.checkIn(siteId, day, logged.admitted) : 0);
  },

  async 'GET /v1/sites/{siteId}/check-ins'({ path: { siteId }, query: { checkInDay, limit, cursor }, caller }, { sorting, sites }) {
    const found = await sites.siteWithRoster(siteId);
    if (!found || !actsAt(caller, found.site)) throw new Failure('site_not_found');
    const { batches, nextCursor } = await sorting.batchesOf(siteId, checkInDay, limit, cursor);
    return { batches: batches.map(listed), nextCursor };
  },

  async 'POST /v1/sites/{siteId}/check-ins/{batchId}/undo'({ path: { siteId, batchId }, body: { reason }, caller }, deps) {
    const { sorting, sites, recording, now } = deps;
    const found = await sites.siteWithRoster(siteId);
    if (!found || !actsAt(caller, found.site)) throw new Failure('site_not_found');
    const batch = await sorting.batch(siteId, batchId);
    if (!batch) throw new Failure('batch_not_found');
    // A closed week's record may be put right by the street; its figures change only with the bureau's next revision.
    if (caller.role !== 'officer' && !(await isOpen(batch.day, deps))) throw new Failure('day_not_open');
    // A manager mends the own list many times a day; what an officer takes from it is a decision.
    const entry = { action: 'check_ins_undone', actorId: caller.personId, about: `${siteId} ${batchId}`, reason } as const;
    const commit = caller.role === 'officer' && !batch.undoneAt ? recording(entry) : undefined;
    await sorting.undo(siteId, batch, { by: caller.personId, at: now().toISOString(), reason }, commit);
    return undefined;
  },

  async 'GET /v1/sites/{siteId}/weeks/{week}'({ path: { siteId, week }, caller }, { sorting, sites, weeks, now }) {
    const past = week < weekOf(cityDay(now()));
    const [found, logged, closed] = await Promise.all([
      sites.siteWithRoster(siteId),
      sorting.week(siteId, week),
      past ? weeks.closedSiteWeek(week, siteId) : undefined,
    ]);
    if (!found || !actsAt(caller, found.site)) throw new Failure('site_not_found');
    const occupied = closed?.occupied ?? found.roster.occupied;
    const sets = daysOf(week).map((day) => ({ day, set: logged.get(day) ?? new Set<number>() }));
    const all = sets.map(({ set }) => set);
    const participation = closed?.participation ?? participationOf(all, occupied);
    return {
      week,
      status: closed ? 'closed' : 'open',
      occupied: occupied.size,
      participating: participation.done,
      participation,
      reported: closed?.reported ?? all.some((set) => set.size > 0),
      days: sets.map(({ day, set }, i) => ({
        day,
        participation: { done: closed?.dayCounts[i] ?? participationOf([set], occupied).done, due: occupied.size },
      })),
      notYet: closed ? [...closed.notYet] : notYet(all, occupied),
    };
  },
};

/** Only a week that is over can be closed, so the week in hand needs no look. */
async function isOpen(day: string, { weeks, now }: SortingDeps): Promise<boolean> {
  const today = cityDay(now());
  const week = weekOf(day);
  return dayIsOpen(day, today, week < weekOf(today) && (await weeks.isClosed(week)));
}

/** The batch that stands under the id, if it is the one that is being sent. */
function standing(logged: Batch, sent: { checkInDay: string; source: string; householdNos: readonly number[] }): Batch {
  if (!sameRound(logged, { ...sent, day: sent.checkInDay })) throw new Failure('batch_differs');
  if (logged.undoneAt) throw new Failure('batch_undone');
  return logged;
}

const listed = ({ batchId, day, source, admitted, rejected, loggedBy, loggedAt, undoneAt, undoneBy = '', undoReason = '' }: Batch) => ({
  batchId,
  checkInDay: day,
  source,
  accepted: admitted.size,
  rejected: rejected.length,
  loggedBy,
  loggedAt,
  undone: undoneAt ? { by: undoneBy, at: undoneAt, reason: undoReason } : null,
});

const replyFor = ({ admitted, rejected }: Batch, alreadyCheckedIn: number) => ({
  accepted: admitted.size,
  alreadyCheckedIn,
  rejected: [...rejected],
});
