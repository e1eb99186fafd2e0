import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AuditAction, AuditLink } from '../../shared/audit/rules.js';
import { Failure } from '../../shared/http/failures.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf, type Item, itemsOf, pageOf } from '../database/queries.js';
import { dayKey, padded, StoredLink } from './chain.js';

const linkOf = (item: Item): AuditLink => StoredLink.parse(item);
const placeShape = /^\d{4}-\d{2}-\d{2}#\d{8}$/;

export interface AuditQuery {
  readonly day?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Reads the record: a day's, or what one person did or had done to them. Its table of keys is in chain.ts. */
export function auditReader(db: DynamoDBDocumentClient, table: string) {
  const page = async (query: Parameters<typeof pageOf>[1], { action, limit }: AuditQuery) => {
    const filter = action
      ? {
          FilterExpression: '#action = :action',
          ExpressionAttributeNames: { ...query.ExpressionAttributeNames, '#action': 'action' },
          ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':action': action },
        }
      : {};
    const { items, more } = await pageOf(db, { ...query, ...filter, ScanIndexForward: false }, limit);
    const entries = items.map(linkOf);
    const last = items.at(-1);
    return { entries, nextCursor: more && last ? cursorOf(String(last.place)) : null };
  };

  return {
    /** A day's record, newest first. */
    async ofDay(day: string, query: AuditQuery) {
      const before = placeOf(query.cursor, placeShape)?.split('#')[1];
      return page(
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: `pk = :day${before ? ' AND sk < :before' : ''}`,
          ExpressionAttributeValues: { ':day': dayKey(day, 0).pk, ...(before ? { ':before': before } : {}) },
        },
        query,
      );
    },

    /** What was done to a person (`subject`) or by one (`actor`), newest first. */
    async ofPerson(as: 'subject' | 'actor', personId: string, query: AuditQuery) {
      const before = placeOf(query.cursor, placeShape);
      const { day } = query;
      const first = day ?? '0';
      const end = day ? `${day}~` : '~';
      // The number before the cursor's: what lies strictly before it.
      const last = before && before < end ? `${before.slice(0, -8)}${padded(Number(before.slice(-8)) - 1)}` : end;
      // A cursor of another day's list.
      if (last < first) throw new Failure('invalid_cursor');
      return page(
        {
          TableName: table,
          IndexName: as,
          KeyConditionExpression: '#who = :who AND place BETWEEN :first AND :last',
          ExpressionAttributeNames: { '#who': `${as}Id` },
          ExpressionAttributeValues: {
            ':who': personId,
            ':first': first,
            ':last': last,
          },
        },
        query,
      );
    },

    /** All of it, for whom it is about. */
    async everyOf(as: 'subject' | 'actor', personId: string): Promise<AuditLink[]> {
      const items = await allOf(db, {
        TableName: table,
        IndexName: as,
        KeyConditionExpression: '#who = :who',
        ExpressionAttributeNames: { '#who': `${as}Id` },
        ExpressionAttributeValues: { ':who': personId },
      });
      return items.map(linkOf);
    },

    /** What lies under a day, in its order and as it lies there, for whoever checks it. */
    itemsOf: (day: string): AsyncGenerator<Item> =>
      itemsOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :day',
        ExpressionAttributeValues: { ':day': dayKey(day, 0).pk },
      }),
  };
}
