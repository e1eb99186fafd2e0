import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../shared/http/failures.js';
import { holdings } from '../../shared/privacy/holdings.js';
import { cancelled } from '../database/conditions.js';
import type { ErasureDeps } from './deps.js';

export const tableNames = Object.keys(holdings) as (keyof typeof holdings)[];

/** What becomes of each table's records of a person. */
export const outcomes = () => tableNames.map((table) => ({ table, ...holdings[table] }));

/**
 * Takes a person away everywhere. The account goes last and with it every session, in one transaction with its record:
 * an erasure that broke off before is done again from the start, by the person, who can still sign in. What another
 * phone of theirs wrote meanwhile is looked for once more when nobody can write any longer.
 */
export async function eraseEverywhere(personId: string, actorId: string, deps: ErasureDeps): Promise<boolean> {
  const { holders, people, endingAll, tellingPhone, recording, now } = deps;
  const everywhere = async () => {
    for (const table of tableNames) await holders[table].erase(personId, now());
  };
  await everywhere();
  for (let tries = 1; ; tries++) {
    const [person, removing] = await Promise.all([people.person(personId), people.removing(personId, now())]);
    if (!person || !removing) return false;
    const lastWord = await tellingPhone(person.phone, { template: 'account_erased', params: {} });
    const entry = { action: 'person_erased', actorId, subjectId: personId } as const;
    try {
      await recording(entry, [endingAll(personId), lastWord])(removing);
      break;
    } catch (error) {
      const reason = cancelled(error);
      if (!reason) throw error;
      if (person.role === 'bureau' && reason.failed.includes(1)) throw new Failure('last_bureau');
      if (tries === 12) throw new Failure('person_changed_meanwhile');
      await wait(20 * tries * Math.random());
    }
  }
  await everywhere();
  return true;
}
