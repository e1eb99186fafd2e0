import type { PersonRecord } from '../../shared/accounts/person.js';
import type { AuditEntry } from '../../shared/audit/rules.js';
import type { KeptContent } from '../../shared/messages/templates.js';
import type { CodePurpose } from '../../shared/sessions/rules.js';
import type { TableName } from '../../shared/tables.js';
import type { Commit, Write } from '../database/writes.js';
import type { LimitCounter } from '../http/limits.js';
import type { Holder } from '../platform/holder.js';
import type { PrivacyStore } from './store.js';

/** What takes a person away everywhere. */
export interface ErasureDeps {
  /** One a table; a table without one does not compile. */
  readonly holders: Readonly<Record<TableName, Holder>>;
  readonly people: {
    person(personId: string): Promise<PersonRecord | undefined>;
    personByPhone(phone: string): Promise<PersonRecord | undefined>;
    removing(personId: string, now: Date): Promise<Write[] | undefined>;
    alive(personId: string): Write;
    staff(role: 'bureau', limit: number, cursor: undefined): Promise<{ readonly people: readonly { readonly personId: string }[] }>;
  };
  readonly endingAll: (personId: string) => Write;
  /** The last word, to a phone that nothing knows any longer. */
  readonly tellingPhone: (phone: string, content: KeptContent) => Promise<Write>;
  readonly recording: (entry: AuditEntry, alongside?: readonly Write[]) => Commit;
  readonly now: () => Date;
}

/** What the privacy routes need of the other domains; wiring.ts fills it in. */
export interface PrivacyDeps extends ErasureDeps {
  readonly privacy: PrivacyStore;
  readonly sites: { managedBy(personId: string): Promise<readonly { readonly areaCode: string }[]> };
  readonly codes: { takeCode(phone: string, purpose: CodePurpose, code: string, now: Date): Promise<boolean> };
  readonly telling: (personId: string, content: KeptContent) => Write;
  /** Stands where a person's id would, for the bureau's own group. */
  readonly bureauGroup: string;
  readonly count: LimitCounter;
  readonly newId: () => string;
}
