import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import { Rejected, sources } from '../../shared/sorting/contract.js';
import { startOfDay } from '../../shared/time/day.js';
import { conditionFailed, itemInTheWay } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf, pageOf } from '../database/queries.js';
import { type Commit, plainCommit } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';

/*
 * pattern                             key                                       index
 * a batch as it was logged            SITE#<siteId> / BATCH#<batchId>           –
 * batches logged or undone since      SITE#<siteId> / <touchedAt>               touched (local, so it can read consistently)
 *
 * The record: a batch is written once, and marked if it is undone. Its key has no day in it, so that a batch id that
 * comes back with another day is noticed.
 */
const partition = (siteId: string) => `SITE#${siteId}`;
const batchKey = (siteId: string, batchId: string) => ({ pk: partition(siteId), sk: `BATCH#${batchId}` });

export const Numbers = z._default(z.set(z.number()), () => new Set<number>());
const Batch = z.object({
  batchId: z.string(),
  day: z.string(),
  source: z.enum(sources),
  admitted: Numbers,
  rejected: z.array(Rejected),
  loggedBy: z.string(),
  loggedAt: z.string(),
  undoneAt: z.optional(z.string()),
  undoneBy: z.optional(z.string()),
  undoReason: z.optional(z.string()),
});
export type Batch = z.output<typeof Batch>;

/** Who undid a batch, when and why. */
export interface Undone {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A set attribute cannot be empty: a batch of which nobody was admitted has none. */
export const batchItem = (siteId: string, { admitted, ...batch }: Batch) => ({
  ...batchKey(siteId, batch.batchId),
  ...batch,
  ...(admitted.size ? { admitted } : {}),
  touchedAt: batch.loggedAt,
});

export const classOfBatch: Classify = ({ sk, touchedAt }) =>
  String(sk).startsWith('BATCH#') ? { of: 'check_ins', since: String(touchedAt) } : undefined;

export function batchStore(db: DynamoDBDocumentClient, table: string) {
  return {
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

    /** Marks a batch undone. Who undid it first, when and why stays, however often it is asked for. */
    async markUndone(siteId: string, batchId: string, undone: Undone, commit: Commit = plainCommit(db)): Promise<void> {
      await commit([
        {
          Update: {
            TableName: table,
            Key: batchKey(siteId, batchId),
            UpdateExpression:
              'SET undoneAt = if_not_exists(undoneAt, :at), undoneBy = if_not_exists(undoneBy, :by), undoReason = if_not_exists(undoReason, :reason), touchedAt = :at',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':at': undone.at, ':by': undone.by, ':reason': undone.reason },
          },
        },
      ]);
    },

    /** What a person logged or undid at a site. */
    async batchesBy(siteId: string, personId: string): Promise<Batch[]> {
      const items = await allOf(db, {
        TableName: table,
        KeyConditionExpression: 'pk = :site AND begins_with(sk, :batch)',
        FilterExpression: 'loggedBy = :who OR undoneBy = :who',
        ExpressionAttributeValues: { ':site': partition(siteId), ':batch': 'BATCH#', ':who': personId },
      });
      return items.map((item) => Batch.parse(item));
    },

    /** Batches logged or undone in a time, both bounds included. */
    async touchedBetween(siteId: string, since: string, until: string, { consistent }: { consistent: boolean }): Promise<Batch[]> {
      const items = await allOf(db, {
        TableName: table,
        IndexName: 'touched',
        ConsistentRead: consistent,
        KeyConditionExpression: 'pk = :site AND touchedAt BETWEEN :since AND :until',
        ExpressionAttributeValues: { ':site': partition(siteId), ':since': since, ':until': until },
      });
      return items.map((item) => Batch.parse(item));
    },

    /** A day's batches, undone ones too, in the order they were last touched. */
    async batchesOf(siteId: string, day: string, limit: number, cursor: string | undefined) {
      const [touchedAt, batchId] = placeOf(cursor, /^[\dT:.-]+Z [0-9a-f-]{36}$/)?.split(' ') ?? [];
      const since = startOfDay(day).toISOString();
      // A cursor of an earlier day's list: DynamoDB takes no place outside what it is asked for.
      if (touchedAt && touchedAt < since) throw new Failure('invalid_cursor');
      const query = {
        TableName: table,
        IndexName: 'touched',
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :site AND touchedAt >= :since',
        FilterExpression: '#day = :day',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':site': partition(siteId), ':since': since, ':day': day },
        ...(touchedAt && batchId ? { ExclusiveStartKey: { ...batchKey(siteId, batchId), touchedAt } } : {}),
      };
      const { items, more } = await pageOf(db, query, limit);
      const last = items.at(-1);
      return {
        batches: items.map((item) => Batch.parse(item)),
        nextCursor: more && last ? cursorOf(`${last.touchedAt} ${last.batchId}`) : null,
      };
    },
  };
}
export type BatchStore = ReturnType<typeof batchStore>;
