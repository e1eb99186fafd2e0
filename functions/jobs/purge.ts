import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cutoff, isDue, type RetentionClass } from '../../shared/privacy/retention.js';
import type { TableName } from '../../shared/tables.js';
import { deleteAll } from '../database/batches.js';
import type { Item } from '../database/queries.js';
import type { Classify } from '../platform/holder.js';
import type { Job } from './run-job.js';
import type { WalkStore } from './walk.js';

export interface PurgeDeps {
  readonly db: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly walks: WalkStore;
  /** What is in each table, by class. */
  readonly classes: Readonly<Record<TableName, readonly Classify[]>>;
  /** Erases a person everywhere, where nothing was heard of them since. */
  readonly eraseInactive: (personId: string, cutoff: string) => Promise<boolean>;
  /** Keeps the certificate of what went, on record. */
  readonly certify: (certificate: PurgeCertificate) => Promise<void>;
  readonly now: () => Date;
  readonly most?: number;
}

/** What one purge has taken, and up to when of each class. It names no record and nobody. */
export interface PurgeCertificate {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly records: Readonly<Record<string, number>>;
  readonly cutoffs: Readonly<Record<string, string>>;
  /** The last link of the audit chain that went; the chain begins behind it. */
  readonly chainFrom?: { readonly day: string; readonly seq: number; readonly hash: string } | undefined;
}

/** In a quarter of an hour a function reads through some hundred thousand items. What is left waits for the next night. */
const mostItems = 200_000;
/** What a table's own expiry should have taken, by what expires there: DynamoDB deletes late, and the embedded engine never. */
const expires: Partial<Record<TableName, RetentionClass>> = {
  sessions: 'sign_in_state',
  limits: 'sign_in_state',
  privacy: 'sign_in_state',
  messages: 'sent_messages',
  jobs: 'job_runs',
};

/** 03:30: erases what has been kept for as long as it may be, and leaves a certificate of what went. */
export const purge = (deps: PurgeDeps): Job => ({
  about: ({ dryRun }) => (dryRun ? 'dry-run' : undefined),

  async work({ dryRun = false }, progress) {
    const { walks, now, certify, classes, most = mostItems } = deps;
    let chainFrom: PurgeCertificate['chainFrom'];
    const page = async (table: TableName, items: readonly Item[]) => {
      const due = items.flatMap((item) => {
        const of = dueClass(item, classes[table], expires[table], now());
        return of ? [{ of, item }] : [];
      });
      const counted: Record<string, number> = {};
      const count = (of: string) => {
        counted[of] = (counted[of] ?? 0) + 1;
      };
      const plain = due.filter(({ of }) => of !== 'inactive_accounts');
      for (const { of } of plain) count(of);
      if (!dryRun)
        await deleteAll(
          deps.db,
          deps.tableNames[table],
          plain.map(({ item: { pk, sk } }) => ({ pk, sk })),
        );
      for (const { item } of due.filter(({ of }) => of === 'inactive_accounts')) {
        if (dryRun || (await deps.eraseInactive(String(item.personId), cutoff('inactive_accounts', now())))) count('inactive_accounts');
      }
      if (table === 'audit') chainFrom = latest([chainFrom, ...plain.map(({ item }) => linkOf(item))]);
      return counted;
    };
    // Where nothing ever falls due, nothing is read.
    const tables = (Object.keys(classes) as TableName[]).filter((table) => classes[table].length > 0 || expires[table]);
    const { finished, state, looked } = await walks.walk('purge', { tables, most, page, progress }, { now: now(), forget: dryRun });
    if (finished && !dryRun) {
      const names = Object.keys(state.tally) as RetentionClass[];
      const cutoffs = Object.fromEntries(names.map((name) => [name, cutoff(name, new Date(state.startedAt))]));
      await certify({ startedAt: state.startedAt, finishedAt: now().toISOString(), records: state.tally, cutoffs, chainFrom });
    }
    return { ...state.tally, looked, left: finished ? 0 : 1 };
  },
});

/** The class by which an item's time is over, if it is. */
function dueClass(item: Item, classes: readonly Classify[], expired: RetentionClass | undefined, now: Date): RetentionClass | undefined {
  if (expired && typeof item.ttl === 'number' && isDue('sign_in_state', new Date(item.ttl * 1000).toISOString(), now)) return expired;
  for (const classify of classes) {
    const found = classify(item);
    if (found && isDue(found.of, found.since, now)) return found.of;
  }
  return undefined;
}

type Link = NonNullable<PurgeCertificate['chainFrom']>;
const linkOf = ({ day, seq, hash }: Item): Link | undefined =>
  typeof seq === 'number' ? { day: String(day), seq, hash: String(hash) } : undefined;
const latest = (links: readonly (Link | undefined)[]): Link | undefined =>
  links
    .filter((link) => link !== undefined)
    .sort((a, b) => a.day.localeCompare(b.day) || a.seq - b.seq)
    .at(-1);
