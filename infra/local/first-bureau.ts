import { randomUUID } from 'node:crypto';
import { accountsStore } from '../../functions/accounts/store.js';
import { auditStore } from '../../functions/audit/store.js';
import { awsPersonal } from '../../functions/platform/aws.js';
import { phoneOf } from '../../functions/platform/phone.js';
import type { DataPorts, KeyPorts } from '../../functions/platform/ports.js';
import { sessionsStore } from '../../functions/sessions/store.js';
import type { PersonRecord } from '../../shared/accounts/person.js';
import { withLocalPorts } from './database.js';
import { giveUp } from './settings.js';

/**
 * `npm run first-bureau -- <phone> <name>`: makes the account that makes all others. With TABLE_ACCOUNTS, TABLE_SESSIONS,
 * TABLE_AUDIT, PERSONAL_KEY_ARN and LOOK_UP_SECRET_ARN set it works on AWS, elsewhere on the local service.
 */
const [phone, name] = process.argv.slice(2);
if (!phone || !name) giveUp('Usage: npm run first-bureau -- <phone> <name>');

async function make({ db, tableNames, keys, now }: DataPorts & KeyPorts): Promise<string> {
  const accounts = accountsStore(db, tableNames.accounts, keys);
  const { giving } = sessionsStore(db, tableNames.sessions, keys);
  const { recording } = auditStore(db, tableNames.audit, now);
  const { people } = await accounts.staff('bureau', 1, undefined);
  if (people.length) throw new Error('There is a bureau account already; it can give the role to others.');
  const e164 = phoneOf(phone as string);
  const personId = (await accounts.personByPhone(e164))?.personId ?? randomUUID();
  const next = (before?: PersonRecord): PersonRecord => ({
    ...{ createdAt: now().toISOString(), ...before },
    ...{ personId, role: 'bureau', areaCode: undefined, name: name as string, phone: e164 },
  });
  // Whoever has signed in as a resident already is the bureau from now on.
  const entry = { action: 'role_given', actorId: 'first-bureau', subjectId: personId, facts: { role: 'bureau' } } as const;
  await accounts.change(personId, next, (after) => recording(entry, [giving(personId, after)]));
  return personId;
}

try {
  const onAws = process.env.TABLE_ACCOUNTS && process.env.PERSONAL_KEY_ARN;
  const personId = onAws ? await make(await awsPersonal()) : await withLocalPorts(make, { create: true });
  console.log(`Account ${personId} has the role bureau. Sign in with the phone number.`);
} catch (error) {
  const fields = (error as { more?: { fields?: { path: string; code: string }[] } }).more?.fields;
  giveUp(fields ? `The phone number is not valid: ${phone}` : error);
}
