import type { JobName } from '../../shared/jobs/rules.js';
import { log, logFault } from '../http/log.js';
import type { RunStore } from './runs.js';

export interface JobRequest {
  readonly job: JobName;
  /** The time the scheduler meant, the same in every attempt: what was done under it is not done again. */
  readonly scheduledAt: Date;
  /** A week, instead of the one that the time names. */
  readonly week?: string;
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean;
}
/** What a job counted: sites, messages, records by class. */
export type Tally = Readonly<Record<string, number>>;

/** A job of the catalogue. */
export interface Job {
  /** What a run is about, for its record. Throws where the request makes no sense. */
  about(request: JobRequest): string | undefined;
  work(request: JobRequest, progress: (done: number, due: number) => Promise<void>): Promise<Tally>;
}

/** Another run is at it. Whoever called tries again: the scheduler by its retries, a person by hand. */
export class JobHeld extends Error {}

export interface RunDeps {
  readonly runs: RunStore;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Runs a job at most once for its scheduled time, leaving a record of the run. Answers nothing where it was done before. */
export async function runJob(
  jobs: Readonly<Partial<Record<JobName, Job>>>,
  request: JobRequest,
  { runs, now, newId }: RunDeps,
  shown: (done: number, due: number) => void = () => {},
): Promise<Tally | undefined> {
  const { job: name, scheduledAt } = request;
  const job = jobs[name];
  if (!job) throw new Error(`${name} is not run by this function`);
  const about = job.about(request);
  const run = await runs.claimRun({ job: name, scheduledAt: scheduledAt.toISOString(), about, owner: newId() }, now());
  if (run === 'done') return undefined;
  if (run === 'held') throw new JobHeld(`${name} is running already`);

  let said = { done: 0, due: 0 };
  const progress = async (done: number, due: number) => {
    said = { done, due };
    shown(done, due);
    await runs.advanceRun(run, done, due, now());
  };
  try {
    const result = await job.work(request, progress);
    await runs.finishRun(run, 'done', result, now());
    log('info', 'job_done', { job: name, about, ...result });
    return result;
  } catch (error) {
    if (error instanceof JobHeld) {
      await runs.dropRun(run);
      throw error;
    }
    logFault('job_failed', error, { job: name, about, ...said });
    await runs.finishRun(run, 'failed', {}, now()).catch((lost) => logFault('run_not_recorded', lost, { job: name }));
    throw error;
  }
}
