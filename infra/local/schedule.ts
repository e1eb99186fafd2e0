import { Cron } from 'croner';
import { JobHeld } from '../../functions/jobs/run-job.js';
import type { JobsService } from '../../functions/jobs/wiring.js';
import type { RollupsStore } from '../../functions/rollups/store.js';
import { jobs, jobZone } from '../../shared/catalog.js';
import { type JobName, runLeaseSeconds } from '../../shared/jobs/rules.js';
import { firstOpenWeek, weekClosesAt } from '../../shared/sorting/rules.js';
import { addWeeks } from '../../shared/time/week.js';

/** Runs the jobs at the catalogue's times while this process lives. Answers how to stop. */
export function schedule(run: JobsService): () => void {
  const crons = Object.entries(jobs).map(
    ([job, { cron }]) =>
      new Cron(cron, { timezone: jobZone, protect: true, unref: true }, async () => {
        const scheduledAt = new Date(Math.floor(Date.now() / 60_000) * 60_000);
        await attempt(run, job as JobName, scheduledAt);
      }),
  );
  return () => {
    for (const cron of crons) cron.stop();
  };
}

/** A failed run has been logged; the next one makes up for it. */
async function attempt(run: JobsService, job: JobName, scheduledAt: Date): Promise<'done' | 'failed' | 'held'> {
  try {
    await run({ job, scheduledAt });
    return 'done';
  } catch (error) {
    if (error instanceof JobHeld) return 'held';
    process.stderr.write(`${job}: ${(error as Error).message}\n`);
    return 'failed';
  }
}

/** A laptop may have slept through some Mondays: the job of the last one, run now, closes what was missed. */
export async function catchUp(run: JobsService, rollups: RollupsStore, now: Date): Promise<void> {
  const due = addWeeks(firstOpenWeek(now), -1);
  const everClosed = await rollups.levels('district', addWeeks(due, -mostWeeksAsleep), due);
  if (!everClosed.some(({ closedAt }) => closedAt) || (await rollups.stateOf(due)).closedAt) return;
  const close = () => attempt(run, 'roll-up-week', weekClosesAt(due));
  // A run that was killed a moment ago holds its place a little longer.
  if ((await close()) === 'held') setTimeout(close, (runLeaseSeconds + 1) * 1000).unref();
}
const mostWeeksAsleep = 12;
