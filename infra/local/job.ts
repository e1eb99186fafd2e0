import { setTimeout as wait } from 'node:timers/promises';
import { JobHeld } from '../../functions/jobs/run-job.js';
import { rollupsStore } from '../../functions/rollups/store.js';
import { type JobName, jobNames, runLeaseSeconds } from '../../shared/jobs/rules.js';
import { shareOf, sumOf, weekOfRun } from '../../shared/rollups/rules.js';
import { Week } from '../../shared/time/week.js';
import { withLocalPorts } from './database.js';
import { localJobs } from './jobs.js';
import { progressLine } from './progress.js';
import { giveUp } from './settings.js';

/**
 * `npm run job -- roll-up-week 2026-W47`, `npm run job -- purge --dry-run`: runs a job now. A roll-up without a week takes
 * the one that its time would name.
 */
const args = process.argv.slice(2);
const [job, week] = args.filter((arg) => !arg.startsWith('--')) as [JobName?, string?];
const dryRun = args.includes('--dry-run');
const isWeekly = job === 'roll-up-week' || job === 'roll-up-day';
if (!job || !jobNames.includes(job)) giveUp(`Usage: npm run job -- <${jobNames.join('|')}> [a week, such as 2026-W47] [--dry-run]`);
if (week !== undefined && !(isWeekly && Week.safeParse(week).success)) giveUp(`${week} is not an ISO week such as 2026-W47`);
if (dryRun && !['purge', 're-wrap'].includes(job)) giveUp(`${job} has no dry run`);

try {
  await withLocalPorts(async (ports) => {
    const run = localJobs(ports);
    const line = progressLine();
    const scheduledAt = new Date();
    const named = isWeekly ? (week ?? weekOfRun(job, scheduledAt)) : undefined;
    const attempt = () =>
      run({ job, scheduledAt, dryRun, ...(named ? { week: named } : {}) }, (done, due) => line(named ?? job, done, due));

    const tally = await attempt().catch(async (error) => {
      if (!(error instanceof JobHeld)) throw error;
      console.log(`${error.message}; trying again in ${runLeaseSeconds} seconds, when its hold has ended or been renewed`);
      await wait((runLeaseSeconds + 1) * 1000);
      return attempt();
    });
    if (named) return console.log(await weekInWords(named, !tally?.sites, rollupsStore(ports.db, ports.tableNames.rollups)));
    const counted = Object.entries(tally ?? {}).filter(([name]) => name !== 'left');
    console.log(
      `${job}${dryRun ? ' (dry run: nothing was done)' : ''}: ${counted.map(([name, n]) => `${name} ${n}`).join(', ') || 'nothing to do'}`,
    );
    if (tally?.left) console.log('More is left: run it again to go on from here.');
  });
} catch (error) {
  giveUp(error);
}

async function weekInWords(week: string, already: boolean, rollups: ReturnType<typeof rollupsStore>): Promise<string> {
  const district = await rollups.level('district', week);
  const { done, due, sitesReporting, sitesDue } = sumOf(district?.rows[0]?.byType ?? {});
  const share = shareOf({ done, due });
  const what = district?.closedAt ? `closed${already ? ' already' : ''}` : 'counted, provisional';
  return (
    `${week}: ${what}, revision ${district?.revision ?? 0}. Participation ${done}/${due}` +
    `${share === null ? '' : ` = ${(share * 100).toFixed(1)} %`}; ${sitesReporting} of ${sitesDue} sites reported.`
  );
}
