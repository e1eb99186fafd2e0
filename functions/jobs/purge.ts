import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cutoff, isDue, type RetentionClass } from '../../shared/privacy/retention.js';
import type { TableName } from '../../shared/tables.js';
import { cancelled } from '../database/conditions.js';
import type { Item } from '../database/queries.js';
import { plainCommit, type Write } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';
import type { Job } from './run-job.js';
import type { Walked, WalkState, WalkStore } from './walk.js';

export interface PurgeDeps {
  readonly db: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly walks: WalkStore;
  /** What is in each table, by class. */
  readonly classes: Readonly<Record<TableName, readonly Classify[]>>;
  /** The record: the day an item of it belongs to, and a day's items in their order. */
  readonly record: { dayOf(item: Item): string | undefined; itemsOf(day: string): AsyncIterable<Item> };
  /** Erases a person everywhere, where nothing was heard of them since; with it, what counts it. */
  readonly eraseInactive: (personId: string, cutoff: string, count: readonly Write[]) => Promise<boolean>;
  /** Keeps the certificate of what went, on record; with it, what closes the walk. */
  readonly certify: (purged: Purged, closing: readonly Write[]) => Promise<void>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly most?: number;
}

/** What one purge has taken, and up to when of each class. It names no record and nobody. */
export interface Purged {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly records: Readonly<Record<string, number>>;
  readonly cutoffs: Readonly<Record<string, string>>;
  /** The last link of the audit chain that went; the chain begins behind it. */
  readonly chainFrom?: WalkState['chainFrom'];
}

/** In a quarter of an hour a function reads through some hundred thousand items. What is left waits for the next night. */
const mostItems = 200_000;
/** A transaction has room for a hundred writes, one of which counts the others. */
const atOnce = 90;
/** What a table's own expiry should have taken: DynamoDB deletes late, and the embedded engine never. */
const expires: Partial<Record<TableName, RetentionClass>> = {
  sessions: 'sign_in_state',
  limits: 'expired',
  privacy: 'expired',
  messages: 'expired',
  jobs: 'expired',
};

/** 03:30: erases what has been kept for as long as it may be, and leaves a certificate of what went. */
export const purge = (deps: PurgeDeps): Job => ({
  about: ({ dryRun }) => (dryRun ? 'dry-run' : undefined),

  async work({ dryRun = false }, progress) {
    const { walks, now, newId, classes, record, most = mostItems } = deps;
    const page = async (table: TableName, items: readonly Item[], walked: Walked) => {
      // A purge that takes several nights keeps to the cutoffs of the first: its certificate names one of each class.
      const at = new Date(walked.state().startedAt);
      const due = items.flatMap((item) => {
        const of = dueClass(item, classes[table], expires[table], at);
        return of ? [{ of, item }] : [];
      });
      if (table === 'audit') return { noted: { days: daysOf(due, record.dayOf, walked.state(), at) } };
      const people = due.filter(({ of }) => of === 'inactive_accounts');
      await take(
        deps,
        table,
        due.filter((each) => !people.includes(each)),
        walked,
        dryRun,
      );
      for (const { item } of people) {
        await walked.counting({ inactive_accounts: 1 }, async (count) =>
          dryRun ? true : deps.eraseInactive(String(item.personId), cutoff('inactive_accounts', at), count),
        );
      }
      return {};
    };

    const finish = async (walked: Walked, closing: readonly Write[]) => {
      for (const day of walked.state().days ?? []) {
        const links: Due[] = [];
        for await (const item of record.itemsOf(day)) links.push({ of: 'audit', item });
        await take(deps, 'audit', links, walked, dryRun);
      }
      const { startedAt, tally: records, chainFrom } = walked.state();
      const names = Object.keys(records) as RetentionClass[];
      const cutoffs = Object.fromEntries(names.map((name) => [name, cutoff(name, new Date(startedAt))]));
      if (!dryRun) await deps.certify({ startedAt, finishedAt: now().toISOString(), records, cutoffs, chainFrom }, closing);
    };
    // Where nothing ever falls due, nothing is read.
    const tables = (Object.keys(classes) as TableName[]).filter((table) => classes[table].length > 0 || expires[table]);
    const walker = { now, owner: newId(), forget: dryRun };
    const { finished, state, looked } = await walks.walk('purge', { tables, most, page, finish, progress }, walker);
    return { ...state.tally, looked, left: finished ? 0 : 1 };
  },
});

interface Due {
  readonly of: RetentionClass;
  readonly item: Item;
}

/** Deletes items in their order, each with its count or not at all. One that has changed since it was read stays. */
async function take({ db, tableNames }: PurgeDeps, table: TableName, due: readonly Due[], walked: Walked, dryRun: boolean): Promise<void> {
  const commit = plainCommit(db);
  for (let i = 0; i < due.length; i += atOnce) {
    let left = due.slice(i, i + atOnce);
    const attempt = async (count: readonly Write[]) => {
      if (dryRun) return true;
      try {
        await commit([...left.map(({ item }) => deleting(tableNames[table], item)), ...count]);
        return true;
      } catch (error) {
        const reason = cancelled(error);
        // The count itself fails where another one walks by now.
        if (!reason || reason.failed.includes(left.length)) throw error;
        left = left.filter((_, at) => !reason.failed.includes(at));
        return false;
      }
    };
    for (let tries = 1; left.length > 0; tries++) {
      const counted: Record<string, number> = {};
      for (const { of } of left) counted[of] = (counted[of] ?? 0) + 1;
      const last = table === 'audit' ? linkOf(left.at(-1)?.item ?? {}) : undefined;
      if (await walked.counting(counted, attempt, last && { chainFrom: last })) break;
      if (tries === 20) throw new Error(`${table}: the database is too busy to purge`);
      await wait(20 * tries * Math.random());
    }
  }
}

const deleting = (TableName: string, { pk, sk, ttl }: Item): Write => ({
  Delete: {
    TableName,
    Key: { pk, sk },
    // What has expired may have begun anew: somebody signs in again.
    ConditionExpression: ttl === undefined ? 'attribute_exists(pk)' : '#ttl = :ttl',
    ...(ttl === undefined ? {} : { ExpressionAttributeNames: { '#ttl': 'ttl' }, ExpressionAttributeValues: { ':ttl': ttl } }),
  },
});

/** The class by which an item's time is over, if it is. */
function dueClass(item: Item, classes: readonly Classify[], expired: RetentionClass | undefined, at: Date): RetentionClass | undefined {
  for (const classify of classes) {
    const found = classify(item);
    if (found && isDue(found.of, found.since, at)) return found.of;
  }
  if (expired && typeof item.ttl === 'number' && isDue(expired, new Date(item.ttl * 1000).toISOString(), at)) return expired;
  return undefined;
}

/** The record goes by whole days and in its order, so that what is left of it is one chain at any time. */
function daysOf(due: readonly Due[], dayOf: (item: Item) => string | undefined, { days = [] }: WalkState, at: Date): string[] {
  const found = new Set(days);
  for (const { item } of due) {
    const day = dayOf(item);
    // A link whose clock lagged behind stands under the day after: it goes with that one.
    if (day && isDue('audit', `${day}T15:59:59.999Z`, at)) found.add(day);
  }
  return [...found].sort();
}

const linkOf = ({ day, seq, hash }: Item): WalkState['chainFrom'] =>
  typeof seq === 'number' ? { day: String(day), seq, hash: String(hash) } : undefined;
