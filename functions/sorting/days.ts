import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { checkedInBy } from '../../shared/sorting/rules.js';
import { startOfDay } from '../../shared/time/day.js';
import { daysOf, mondayOf, weekOf } from '../../shared/time/week.js';
import { conditionFailed } from '../database/conditions.js';
import { allOf } from '../database/queries.js';
import type { Classify } from '../platform/holder.js';
import { type Batch, type BatchStore, Numbers } from './batches.js';

/*
 * pattern                             key                                       index
 * a site's day: who has checked in    SITE#<siteId>#<week> / DAY#<day>          –
 * a site's week                       the same partition, begins_with DAY#      –
 *
 * The sum: a day's set is what its batches leave checked in, and can always be rebuilt from them. Every change raises
 * the day's version, so that a rebuild that met another writer is noticed and done again.
 */
const partition = (siteId: string, week: string) => `SITE#${siteId}#${week}`;
const dayKey = (siteId: string, day: string) => ({ pk: partition(siteId, weekOf(day)), sk: `DAY#${day}` });

const Day = z.object({ day: z.string(), households: Numbers, version: z._default(z.int(), 0) });

/** Days by date, each with the households checked in. */
export type Week = ReadonlyMap<string, ReadonlySet<number>>;

/** Days as a history makes them, for a fresh table. */
export function dayItems(siteId: string, history: readonly Batch[]) {
  return [...new Set(history.map(({ day }) => day))].map((day) => {
    const households = checkedInBy(history.filter((batch) => batch.day === day));
    return { ...dayKey(siteId, day), day, version: 1, ...(households.size ? { households } : {}) };
  });
}

export const classOfDay: Classify = ({ sk, day }) =>
  String(sk).startsWith('DAY#') ? { of: 'check_ins', since: startOfDay(String(day)).toISOString() } : undefined;

export function dayStore(db: DynamoDBDocumentClient, table: string, { touchedBetween }: BatchStore) {
  // No batch is logged before its day begins, so none of the day's was touched before that.
  const touchedSinceDay = (siteId: string, day: string) => touchedBetween(siteId, startOfDay(day).toISOString(), '~', { consistent: true });

  /** Makes a day's set what its batches say. Answers the set. */
  const rebuildDay = async (siteId: string, day: string): Promise<ReadonlySet<number>> => {
    for (let tries = 1; ; tries++) {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: dayKey(siteId, day), ConsistentRead: true }));
      const { households, version } = Day.parse(Item ?? { day });
      const expected = checkedInBy((await touchedSinceDay(siteId, day)).filter((batch) => batch.day === day));
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
      const before = Day.parse({ day, ...Attributes }).households;
      return [...households].filter((no) => before.has(no)).length;
    },

    /** A site's week, at most seven days. */
    async week(siteId: string, week: string): Promise<Week> {
      const items = await allOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :week AND begins_with(sk, :days)',
        ExpressionAttributeValues: { ':week': partition(siteId, week), ':days': 'DAY#' },
      });
      return new Map(items.map((item) => Day.parse(item)).map(({ day, households }) => [day, households]));
    },

    /** A site's week counted anew from its batches, without changing anything. */
    async recount(siteId: string, week: string): Promise<Week> {
      const batches = await touchedSinceDay(siteId, mondayOf(week));
      return new Map(daysOf(week).map((day) => [day, checkedInBy(batches.filter((batch) => batch.day === day))]));
    },

    /**
     * Mends what requests that broke off have left: days of `found` that lack a batch touched in that time, or may
     * hold one undone in it, are rebuilt. One request where nothing is amiss.
     */
    async mend(siteId: string, found: Week, since: string, until: string): Promise<Week> {
      const mended = new Map(found);
      const touched = await touchedBetween(siteId, since, until, { consistent: false });
      for (const day of new Set(touched.map((batch) => batch.day))) {
        const ofDay = touched.filter((batch) => batch.day === day);
        const set = found.get(day) ?? new Set();
        const whole = ofDay.every(({ undoneAt, admitted }) => !undoneAt && [...admitted].every((no) => set.has(no)));
        if (!whole) mended.set(day, await rebuildDay(siteId, day));
      }
      return mended;
    },
  };
}
