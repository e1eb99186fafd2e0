import { Cron } from 'croner';
import { WeekHeld } from '../../functions/jobs/run-job.js';
import type { JobsService } from '../../functions/jobs/wiring.js';
import type { RollupsStore } from '../../functions/rollups/store.js';
import { jobs, jobZone } from '../../shared/catalog.js';
import { type JobName, weekOfRun } from '../../shared/rollups/rules.js';
import { startOfDay } from '../../shared/time/day.js';
import { addWeeks, mondayOf } from '../../shared/time/week.js';

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
async function attempt(run: JobsService, job: JobName, scheduledAt: Date): Promise<void> {
  try {
    await run({ job, scheduledAt });
  } catch (error) {
    if (!(error instanceof WeekHeld)) process.stderr.write(`${job}: ${(error as Error).message}\n`);
  }
}

/** A laptop may have slept through some Mondays: the weeks since the last closed one are closed in their order. */
export async function catchUp(run: JobsService, rollups: RollupsStore, now: Date): Promise<string[]> {
  // Two hours into Monday the week before is due.
  const newest = weekOfRun('roll-up-week', new Date(now.getTime() - 2 * 3_600_000));
  const missed: string[] = [];
  for (let week = newest; !(await rollups.stateOf(week)).closedAt; week = addWeeks(week, -1)) {
    missed.unshift(week);
    // Nothing was ever closed here: then nothing was missed.
    if (missed.length > 53) return [];
  }
  for (const week of missed) {
    const scheduledAt = new Date(startOfDay(mondayOf(addWeeks(week, 1))).getTime() + 2 * 3_600_000);
    await attempt(run, 'roll-up-week', scheduledAt);
  }
  return missed;
}
