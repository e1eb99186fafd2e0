import { type JobName, weekIsOver, weekOfRun } from '../../shared/rollups/rules.js';
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
    const result = await rollUp(plan, { ...deps, progress });
    if (result.outcome === 'held') throw new WeekHeld(`${week} is being rolled up by another run`);
    await finish('done');
    log('info', 'job_done', { job, week, outcome: result.outcome, sites: sites.done });
    return result;
  } catch (error) {
    if (!(error instanceof WeekHeld)) await finish('failed');
    logFault('job_failed', error, { job, week });
    throw error;
  }
}
