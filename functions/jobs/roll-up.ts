import { heldOn } from '../../shared/city/held.js';
import { sortingIsDue } from '../../shared/city/sorting.js';
import { weekIsOver, weekOfRun } from '../../shared/rollups/rules.js';
import { addWeeks, mondayOf } from '../../shared/time/week.js';
import { type RollUp, type RollUpDeps, rollUp } from '../rollups/roll-up.js';
import { type Job, JobHeld, type JobRequest } from './run-job.js';

/** How far back an open week is looked for. */
const mostOverdue = 12;

/** Monday 02:00: closes last week as revision 1. From its start the week takes no more check-ins. */
export const rollUpWeek = (deps: RollUpDeps): Job => weekly(deps, 'roll-up-week', 'close');

/** 23:30: counts the week in hand as provisional figures and mends what requests that broke off have left. */
export const rollUpDay = (deps: RollUpDeps): Job => weekly(deps, 'roll-up-day', 'count');

function weekly(deps: RollUpDeps, job: 'roll-up-week' | 'roll-up-day', kind: 'close' | 'count'): Job {
  const weekFor = ({ week, scheduledAt }: JobRequest) => week ?? weekOfRun(job, scheduledAt);
  return {
    about(request) {
      const week = weekFor(request);
      if (kind === 'close' && !weekIsOver(week, deps.now())) throw new Error(`${week} is not over and cannot be closed`);
      if (!heldOn(sortingIsDue, mondayOf(week))) throw new Error(`${week} began before households had to sort`);
      return week;
    },

    async work(request, progress) {
      const week = weekFor(request);
      const step = async (of: string, run: string) => {
        const plan: RollUp = { week: of, kind, run: `${job} ${run}` };
        const result = await rollUp(plan, { ...deps, progress });
        if (result.outcome === 'held') throw new JobHeld(`${of} is being rolled up by another run`);
        return result.outcome === 'published' ? result.sites : 0;
      };
      const missed = kind === 'close' && !request.week ? await overdueBefore(week, deps) : [];
      for (const before of missed) await step(before, before);
      return { sites: await step(week, request.week ?? request.scheduledAt.toISOString()), weeksMadeUpFor: missed.length };
    },
  };
}

/**
 * Weeks before this one that ought to be closed and are not, oldest first: all since the last closed one, and any whose
 * closing began and failed, since it takes no more check-ins. Where nothing was ever closed, nothing is overdue.
 */
async function overdueBefore(week: string, { rollups }: RollUpDeps): Promise<string[]> {
  const open: string[] = [];
  let overdue = 0;
  for (let before = addWeeks(week, -1); open.length < mostOverdue; before = addWeeks(before, -1)) {
    const { closedAt, closingSince } = await rollups.stateOf(before);
    if (closedAt) return open.reverse();
    open.push(before);
    if (closingSince) overdue = open.length;
  }
  return open.slice(0, overdue).reverse();
}
