import { setTimeout as wait } from 'node:timers/promises';
import { WeekHeld } from '../../functions/jobs/run-job.js';
import { jobsService } from '../../functions/jobs/wiring.js';
import { rollupsStore } from '../../functions/rollups/store.js';
import { leaseSeconds } from '../../functions/rollups/weeks.js';
import { type JobName, jobNames, shareOf, sumOf, weekOfRun } from '../../shared/rollups/rules.js';
import { Week } from '../../shared/time/week.js';
import { withLocalPorts } from './database.js';
import { progressLine } from './progress.js';
import { giveUp } from './settings.js';

/** `npm run job -- roll-up-week 2026-W47`: runs a job now. Without a week, the one that the job's time would name. */
const [job, week] = process.argv.slice(2);
if (!jobNames.includes(job as JobName)) giveUp(`Usage: npm run job -- <${jobNames.join('|')}> [week, such as 2026-W47]`);
if (week !== undefined && !Week.safeParse(week).success) giveUp(`${week} is not an ISO week such as 2026-W47`);

try {
  await withLocalPorts(async (ports) => {
    const run = jobsService(ports);
    const line = progressLine();
    const scheduledAt = new Date();
    const named = week ?? weekOfRun(job as JobName, scheduledAt);
    const attempt = () => run({ job: job as JobName, scheduledAt, week: named }, (done, due) => line(named, done, due));

    const result = await attempt().catch(async (error) => {
      if (!(error instanceof WeekHeld)) throw error;
      console.log(`${error.message}; trying again in ${leaseSeconds} seconds, when its hold has ended or been renewed`);
      await wait((leaseSeconds + 1) * 1000);
      return attempt();
    });
    const rollups = rollupsStore(ports.db, ports.tableNames.rollups);
    const district = await rollups.level('district', named);
    const { done, due, sitesReporting, sitesDue } = sumOf(district?.rows[0]?.byType ?? {});
    const share = shareOf({ done, due });
    const what = result.outcome === 'published' ? (result.heading.closedAt ? 'closed' : 'counted, provisional') : 'closed already';
    console.log(
      `${named}: ${what}, revision ${district?.revision ?? 0}. Participation ${done}/${due}` +
        `${share === null ? '' : ` = ${(share * 100).toFixed(1)} %`}; ${sitesReporting} of ${sitesDue} sites reported.`,
    );
  });
} catch (error) {
  giveUp(error);
}
