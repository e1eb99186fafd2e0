import { auditStore } from '../../functions/audit/store.js';
import { verifyChain } from '../../functions/audit/verify.js';
import { addDays, cityDay, Day } from '../../shared/time/day.js';
import { withLocalPorts } from './database.js';
import { giveUp } from './settings.js';

/** `npm run audit -- verify [day]`: checks the record link by link, all of it or one day's. */
const [verb, day] = process.argv.slice(2);
if (verb !== 'verify' || (day !== undefined && !Day.safeParse(day).success))
  giveUp('Usage: npm run audit -- verify [a day, such as 2026-11-24]');

const faults = {
  link_missing: 'it is missing',
  link_changed: 'it was changed after it was written',
  link_out_of_chain: 'it does not follow the link before it',
  end_missing: 'the end of the chain is missing',
};

/** No link is kept longer than this. */
const mostDays = 4 * 366;

try {
  const sound = await withLocalPorts(async ({ db, tableNames, now }) => {
    const audit = auditStore(db, tableNames.audit, now);
    const { links, days, broken, begins } = await verifyChain(audit, day ?? addDays(cityDay(now()), -mostDays), day);
    if (broken) console.log(`Broken at ${broken.day}, link ${broken.seq}: ${faults[broken.fault]}`);
    else console.log(`${links} links of ${days} ${days === 1 ? 'day' : 'days'} are as they were written.`);
    if (begins && !day)
      console.log(
        `The chain begins at ${begins.day}, link ${begins.seq}, behind ${begins.after.slice(0, 16)}…: compare the newest certificate of a purge.`,
      );
    return !broken;
  });
  process.exit(sound ? 0 : 1);
} catch (error) {
  giveUp(error);
}
