import type { AuditEntry } from '../../shared/audit/rules.js';
import type { KeptContent } from '../../shared/messages/templates.js';
import type { Site } from '../../shared/places/contract.js';
import type { CodePurpose, Standing } from '../../shared/sessions/rules.js';
import type { Commit, Write } from '../database/writes.js';
import type { AccountsStore } from './store.js';

/** What the accounts need of the other domains; wiring.ts fills it in. */
export interface AccountsDeps {
  readonly accounts: AccountsStore;
  readonly sites: {
    managedBy(personId: string): Promise<readonly Site[]>;
    endTenure(site: Site, at: string, commit: Commit): Promise<void>;
  };
  readonly codes: { takeCode(phone: string, purpose: CodePurpose, code: string, now: Date): Promise<boolean> };
  readonly standings: { giving(personId: string, standing: Standing): Write; endingAll(personId: string): Write };
  /** A commit that puts a change on record. */
  readonly recording: (entry: AuditEntry, alongside?: readonly Write[]) => Commit;
  /** A message to a person, to be written with the change it tells of. */
  readonly telling: (personId: string, content: KeptContent) => Write;
  /** A message to a phone that is no longer the person's. */
  readonly tellingPhone: (phone: string, content: KeptContent) => Promise<Write>;
  readonly now: () => Date;
}
