import { randomUUID } from 'node:crypto';
import { phoneOf } from '../../functions/platform/phone.js';
import { accountsStore } from '../../functions/accounts/store.js';
import { awsPorts } from '../../functions/platform/aws.js';
import type { Ports } from '../../functions/platform/ports.js';
import { withLocalPorts } from './database.js';
import { giveUp } from './settings.js';

/**
 * `npm run first-bureau -- <phone> <name>`: makes the account that makes all others. With TABLE_ACCOUNTS and
 * MASTER_SECRET_ARN set it works on AWS, elsewhere on the local service.
 */
const [phone, name] = process.argv.slice(2);
if (!phone || !name) giveUp('Usage: npm run first-bureau -- <phone> <name>');

async function make({ db, tableNames, keys, now }: Ports): Promise<string> {
  const accounts = accountsStore(db, tableNames.accounts, keys);
  const { people } = await accounts.staff('bureau', 1, undefined);
  if (people.length) throw new Error('There is a bureau account already; it can give the role to others.');
  const e164 = phoneOf(phone as string);
  const known = await accounts.personByPhone(e164);
  const personId = known?.personId ?? randomUUID();
  await accounts.keep({ personId, role: 'bureau', name: name as string, phone: e164, createdAt: now().toISOString() });
  return personId;
}

try {
  const onAws = process.env.TABLE_ACCOUNTS && process.env.MASTER_SECRET_ARN;
  const personId = onAws ? await make(await awsPorts()) : await withLocalPorts(make, { create: true });
  console.log(`Account ${personId} has the role bureau. Sign in with the phone number.`);
} catch (error) {
  const fields = (error as { more?: { fields?: { path: string; code: string }[] } }).more?.fields;
  giveUp(fields ? `The phone number is not valid: ${phone}` : error);
}
