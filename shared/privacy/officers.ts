import type { PersonRecord } from '../accounts/person.js';
import type { AuditLink } from '../audit/rules.js';

/** The streets a person is, or was, an officer of: by the account, and by the record of the roles given to them. */
export function areasOfficer(person: PersonRecord | undefined, record: readonly AuditLink[]): string[] {
  const given = record.filter(({ action }) => action === 'role_given').flatMap(({ facts }) => [facts?.areaCode, facts?.areaBefore]);
  const now = person?.role === 'officer' ? person.areaCode : undefined;
  return [...new Set([now, ...given])].filter((code): code is string => typeof code === 'string');
}
