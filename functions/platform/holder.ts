import type { RetentionClass } from '../../shared/privacy/retention.js';
import type { Item } from '../database/queries.js';

/** A record about a person as the person may read it. */
export type HeldRecord = Readonly<Record<string, unknown>>;

/** What keeps a table honest about people: each domain has one, in its `personal.ts`. */
export interface Holder {
  /** Everything the table holds of a person. */
  show(personId: string): Promise<readonly HeldRecord[]>;
  /** Lets go of it, or of what leads from it to a person. Done twice it does no harm. */
  erase(personId: string, now: Date): Promise<void>;
}

/** Which class of records an item belongs to, and since when its period runs; nothing where it is kept for good. */
export type Classify = (item: Item) => { readonly of: RetentionClass; readonly since: string } | undefined;
