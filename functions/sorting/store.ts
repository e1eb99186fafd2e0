import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Rejected, sources } from '../../shared/sorting/contract.js';
import { checkedInBy } from '../../shared/sorting/rules.js';
import { startOfDay } from '../../shared/time/day.js';
import { weekOf } from '../../shared/time/week.js';
import { putAll } from '../database/batches.js';
import { conditionFailed, itemInTheWay } from '../database/conditions.js';
import { allOf } from '../database/queries.js';

/*
 * pattern                             key                                       index
 * a batch as it was logged            SITE#<siteId> / BATCH#<batchId>           –
 * batches logged or undone since      SITE#<siteId> / <touchedAt>               touched (local, so it reads consistently)
 * a site's day: who has checked in    SITE#<siteId>#<week> / DAY#<day>          –
 * a site's week                       the same partition, begins_with DAY#      –
 *
 * The batch is the record and is written first; the day's set is its sum and can always be rebuilt from the batches.
 * Every change of a day raises its version, so that a rebuild that met another writer is noticed and done again.
 */
const batches = (siteId: string) => `SITE#${siteId}`;
const batchKey = (siteId: string, batchId: string) => ({ pk: batches(siteId), sk: `BATCH#${batchId}` });
const week = (siteId: string, isoWeek: string) => `SITE#${siteId}#${isoWeek}`;
const dayKey = (siteId: string, day: string) => ({ pk: week(siteId, weekOf(day)), sk: `DAY#${day}` });

const Numbers = z._default(z.set(z.number()), () => new Set<number>());
const Batch = z.object({
  batchId: z.string(),
  day: z.string(),
  source: z.enum(sources),
  admitted: Numbers,
  rejected: z.array(Rejected),
  loggedBy: z.string(),
  loggedAt: z.string(),
  undoneAt: z.optional(z.string()),
});
export type Batch = z.output<typeof Batch>;
const DaySet = z.object({ day: z.string(), households: Numbers, version: z._default(z.int(), 0) });

/** Days by date, each with the households checked in. */
export type Week = ReadonlyMap<string, ReadonlySet<number>>;

export function sortingStore(db: DynamoDBDocumentClient, table: string) {
  const touchedBetween = async (siteId: string, since: string, until: string, ConsistentRead: boolean): Promise<Batch[]> => {
    const items = await allOf(db, {
      TableName: table,
      IndexName: 'touched',
      ConsistentRead,
      KeyConditionExpression: 'pk = :site AND touchedAt BETWEEN :since AND :until',
      ExpressionAttributeValues: { ':site': batches(siteId), ':since': since, ':until': until },
    });
    return items.map((item) => Batch.parse(item));
  };

  /** Makes a day's set what its batches say. Answers the set. */
  const rebuildDay = async (siteId: string, day: string): Promise<ReadonlySet<number>> => {
    for (let tries = 1; ; tries++) {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: dayKey(siteId, day), ConsistentRead: true }));
      const { households, version } = DaySet.parse(Item ?? { day });
      // No batch is logged before its day begins, so none of the day's was touched before that.
      const since = startOfDay(day).toISOString();
      const expected = checkedInBy((await touchedBetween(siteId, since, '~', true)).filter((batch) => batch.day === day));
      if (expected.size === households.size && [...expected].every((no) => households.has(no))) return expected;
      try {
        await db.send(
          new UpdateCommand({
            TableName: table,
            Key: dayKey(siteId, day),
            UpdateExpression: `SET #day = :day, #version = :next${expected.size ? ', households = :expected' : ' REMOVE households'}`,
            ConditionExpression: version ? '#version = :version' : 'attribute_not_exists(pk)',
            ExpressionAttributeNames: { '#day': 'day', '#version': 'version' },
            ExpressionAttributeValues: {
              ':day': day,
              ':next': version + 1,
              ...(version ? { ':version': version } : {}),
              ...(expected.size ? { ':expected': expected } : {}),
            },
          }),
        );
        return expected;
      } catch (error) {
        if (!conditionFailed(error) || tries === 20) throw error;
      }
    }
  };

  return {
    rebuildDay,

    /** Keeps a batch as it was logged and answers what stands under its id: this batch, or the one that was there first. */
    async keepBatch(siteId: string, batch: Batch): Promise<Batch> {
      try {
        await db.send(
          new PutCommand({
            TableName: table,
            Item: batchItem(siteId, batch),
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return batch;
      } catch (error) {
        if (conditionFailed(error)) return Batch.parse(itemInTheWay(error));
        throw error;
      }
    },

    async batch(siteId: string, batchId: string): Promise<Batch | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: batchKey(siteId, batchId), ConsistentRead: true }));
      return Item && Batch.parse(Item);
    },

    /** Adds households to the site's day and answers how many of them stood there before. Adding again changes nothing. */
    async checkIn(siteId: string, day: string, households: ReadonlySet<number>): Promise<number> {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: dayKey(siteId, day),
          UpdateExpression: 'SET #day = :day ADD households :households, #version :one',
          ExpressionAttributeNames: { '#day': 'day', '#version': 'version' },
          ExpressionAttributeValues: { ':day': day, ':households': households, ':one': 1 },
          ReturnValues: 'UPDATED_OLD',
        }),
      );
      const before = DaySet.parse({ day, ...Attributes }).households;
      return [...households].filter((no) => before.has(no)).length;
    },

    /**
     * Marks a batch undone, once, and takes from its day what no other batch holds. A call that broke off in between is
     * finished by the next one, or by the nightly job.
     */
    async undo(siteId: string, { batchId, day }: Batch, undone: { by: string; at: string; reason: string }): Promise<void> {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: batchKey(siteId, batchId),
          UpdateExpression:
            'SET undoneAt = if_not_exists(undoneAt, :at), undoneBy = if_not_exists(undoneBy, :by), undoReason = if_not_exists(undoReason, :reason), touchedAt = :at',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':at': undone.at, ':by': undone.by, ':reason': undone.reason },
        }),
      );
      await rebuildDay(siteId, day);
    },

    /** A site's week, at most seven days. */
    async week(siteId: string, isoWeek: string): Promise<Week> {
      const items = await allOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :week AND begins_with(sk, :days)',
        ExpressionAttributeValues: { ':week': week(siteId, isoWeek), ':days': 'DAY#' },
      });
      return new Map(items.map((item) => DaySet.parse(item)).map(({ day, households }) => [day, households]));
    },

    /**
     * Mends what requests that broke off have left: days of `found` that lack a batch touched in that time, or may
     * hold one undone in it, are rebuilt. One request where nothing is amiss.
     */
    async mend(siteId: string, found: Week, since: string, until: string): Promise<Week> {
      const mended = new Map(found);
      const touched = await touchedBetween(siteId, since, until, false);
      const days = new Set(touched.map(({ day }) => day));
      for (const day of days) {
        const ofDay = touched.filter((batch) => batch.day === day);
        const set = found.get(day) ?? new Set();
        const whole = ofDay.every(({ undoneAt, admitted }) => !undoneAt && [...admitted].every((no) => set.has(no)));
        if (!whole) mended.set(day, await rebuildDay(siteId, day));
      }
      return mended;
    },

    /** Loads a history of one site, batches and the days they make, in bulk; for a fresh table. */
    async load(siteId: string, history: readonly Batch[]): Promise<void> {
      const days = [...new Set(history.map(({ day }) => day))].map((day) => {
        const households = checkedInBy(history.filter((batch) => batch.day === day));
        return { ...dayKey(siteId, day), day, version: 1, ...(households.size ? { households } : {}) };
      });
      await putAll(db, table, [...history.map((batch) => batchItem(siteId, batch)), ...days]);
    },
  };
}
export type SortingStore = ReturnType<typeof sortingStore>;

/** A set attribute cannot be empty: a batch of which nobody was admitted has none. */
const batchItem = (siteId: string, { admitted, ...batch }: Batch) => ({
  ...batchKey(siteId, batch.batchId),
  ...batch,
  ...(admitted.size ? { admitted } : {}),
  touchedAt: batch.loggedAt,
});
