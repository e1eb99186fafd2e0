import { heldOn } from '../../shared/city/held.js';
import { sortingIsDue } from '../../shared/city/sorting.js';
import { type JobName, weekIsOver, weekOfRun } from '../../shared/rollups/rules.js';
import { addWeeks, mondayOf } from '../../shared/time/week.js';
import { log, logFault } from '../http/log.js';
import { type Outcome, type RollUp, type RollUpDeps, rollUp } from '../rollups/roll-up.js';

/** A job of the catalogue: what it does to the week its scheduled time names. */
export type Job = (week: string, run: string) => RollUp;

/** Another run holds the week. Whoever called tries again: the scheduler by its retries, a person by hand. */
export class WeekHeld extends Error {}

export interface JobRequest {
  readonly job: JobName;
  /** The time the scheduler meant, the same in every attempt: what was done under it is not done again. */
  readonly scheduledAt: Date;
  /** Instead of the week that the time names. */
  readonly week?: string;
}

/** How far back an open week is looked for. */
const mostOverdue = 12;

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

/** Runs a job at most once for its scheduled time, leaving a record of the run. */
export async function runJob(
  jobs: Readonly<Record<JobName, Job>>,
  { job, scheduledAt, week: named }: JobRequest,
  deps: RollUpDeps,
): Promise<Outcome> {
  const { rollups, now } = deps;
  const week = named ?? weekOfRun(job, scheduledAt);
  const plan = jobs[job](week, `${job} ${named ?? scheduledAt.toISOString()}`);
  if (plan.kind === 'close' && !weekIsOver(week, now())) throw new Error(`${week} is not over and cannot be closed`);
  if (!heldOn(sortingIsDue, mondayOf(week))) throw new Error(`${week} began before households had to sort`);
  const at = scheduledAt.toISOString();
  const before = await rollups.run(job, at);
  if (before?.status === 'done') return { outcome: 'closed' };

  const record = { job, scheduledAt: at, week, run: plan.run, startedAt: now().toISOString() };
  let sites = { done: 0, due: 0 };
  const finish = (status: 'done' | 'failed') => rollups.keepRun({ ...record, ...sites, status, finishedAt: now().toISOString() });
  try {
    let begun = false;
    const progress = async (done: number, due: number) => {
      sites = { done, due };
      // Only who holds the week says that it runs; the lease tells how far it is.
      if (!begun) await rollups.keepRun({ ...record, ...sites, status: 'running' });
      begun = true;
      await deps.progress?.(done, due);
    };
    const rolledUp = async (step: RollUp) => {
      const result = await rollUp(step, { ...deps, progress });
      if (result.outcome === 'held') throw new WeekHeld(`${step.week} is being rolled up by another run`);
      return result;
    };
    const missed = plan.kind === 'close' && !named ? await overdueBefore(week, deps) : [];
    for (const before of missed) await rolledUp(jobs[job](before, `${job} ${before}`));
    const result = await rolledUp(plan);
    await finish('done');
    log('info', 'job_done', { job, week, outcome: result.outcome, sites: sites.done });
    return result;
  } catch (error) {
    if (error instanceof WeekHeld) throw error;
    logFault('job_failed', error, { job, week });
    await finish('failed').catch((lost) => logFault('run_not_recorded', lost, { job, week }));
    throw error;
  }
}
