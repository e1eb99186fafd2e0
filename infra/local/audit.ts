import type { Broken } from '../../functions/audit/verify.js';
import { Day } from '../../shared/time/day.js';
import { withLocalPorts } from './database.js';
import { giveUp } from './settings.js';
import { verifyRecord } from './verify.js';

/** `npm run audit -- verify [day]`: checks the record link by link, all of it or one day's. */
const [verb, day] = process.argv.slice(2);
if (verb !== 'verify' || (day !== undefined && !Day.safeParse(day).success))
  giveUp('Usage: npm run audit -- verify [a day, such as 2026-11-24]');

const faults: Record<Broken['fault'], string> = {
  link_missing: 'it is missing',
  link_changed: 'it was changed after it was written',
  link_unreadable: 'it cannot be read, and was not written like that',
  link_rewritten: 'it is another link than a certificate of a purge has seen there',
  link_out_of_chain:
    'it does not follow the link before it, or what the newest certificate says has gone (a purge that broke off is to be run to its end first)',
  end_missing: 'the end of the chain is missing',
  certificate_forged: 'it was not made by a purge, or was changed since',
  certificate_missing: 'it is on record, and is missing',
};

try {
  const sound = await withLocalPorts(async (ports) => {
    const { links, days, broken, newest } = await verifyRecord(ports, day);
    if (!broken) console.log(`${links} links of ${days} ${days === 1 ? 'day' : 'days'} are as they were written.`);
    else if (broken.certificate !== undefined) console.log(`Broken at the certificate of ${broken.certificate}: ${faults[broken.fault]}`);
    else console.log(`Broken at ${broken.day}, link ${broken.seq}: ${faults[broken.fault]}`);
    const end = newest?.chainEnd;
    if (newest)
      console.log(
        `The newest certificate is of ${newest.finishedAt}${end ? `, when the chain ended at ${end.day}, link ${end.seq}, ${end.hash}` : ''}. ` +
          'If the log or a copy elsewhere has a later one (audit_end), links behind it have been taken away.',
      );
    else console.log('No purge has certified anything yet: that links were taken from the end, or all of them rewritten, would not show.');
    return !broken;
  });
  process.exit(sound ? 0 : 1);
} catch (error) {
  giveUp(error);
}
