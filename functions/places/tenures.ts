import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import type { Manager, Site } from '../../shared/places/contract.js';
import { cancelled } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf, pageOf } from '../database/queries.js';
import { type Commit, plainCommit } from '../database/writes.js';
import { partition, StoredManager, siteKey } from './sites.js';

/*
 * pattern                        key                                           index
 * who has managed it, in time    SITE#<siteId> / MANAGER#<sinceAt>             –
 * what a person has managed      <personId> / <sinceAt>                        tenures
 */
const tenureKey = (siteId: string, sinceAt: string) => ({ pk: partition(siteId), sk: `MANAGER#${sinceAt}` });

const StoredTenure = z.extend(StoredManager, { siteId: z.string(), untilAt: z.optional(z.string()), appointedBy: z.string() });
export type Tenure = z.output<typeof StoredTenure>;

/** Who answers for a site, and who did before. */
export function tenureStore(db: DynamoDBDocumentClient, table: string) {
  const closing = (siteId: string, sinceAt: string, at: string) => ({
    Update: {
      TableName: table,
      Key: tenureKey(siteId, sinceAt),
      UpdateExpression: 'SET untilAt = :at',
      ExpressionAttributeValues: { ':at': at },
    },
  });

  return {
    /** Hands a site over, closing the tenure before. Throws `site_changed_meanwhile` where another hand-over came first. */
    async handOver(site: Site, manager: Manager, appointedBy: string, commit: Commit = plainCommit(db)): Promise<void> {
      const { siteId, manager: before } = site;
      const { personId, sinceAt } = manager;
      const closed = before && closing(siteId, before.sinceAt, sinceAt);
      const Put = { TableName: table, Item: { ...tenureKey(siteId, sinceAt), ...manager, siteId, appointedBy, tenureOf: personId } };
      try {
        await commit([
          {
            Update: {
              TableName: table,
              Key: siteKey(siteId),
              UpdateExpression: 'SET manager = :manager, managerId = :id',
              ConditionExpression: before ? 'manager = :before' : 'attribute_exists(pk) AND attribute_not_exists(manager)',
              ExpressionAttributeValues: { ':manager': manager, ':id': personId, ...(before ? { ':before': before } : {}) },
            },
          },
          { Put: { ...Put, ConditionExpression: 'attribute_not_exists(pk)' } },
          ...(closed ? [closed] : []),
        ]);
      } catch (error) {
        if (cancelled(error)) throw new Failure('site_changed_meanwhile');
        throw error;
      }
    },

    /** Ends who answers for a site, and names nobody in their place. */
    async endTenure({ siteId, manager }: Site, at: string, commit: Commit = plainCommit(db)): Promise<void> {
      if (!manager) return;
      try {
        await commit([
          {
            Update: {
              TableName: table,
              Key: siteKey(siteId),
              UpdateExpression: 'REMOVE manager, managerId',
              ConditionExpression: 'manager = :before',
              ExpressionAttributeValues: { ':before': manager },
            },
          },
          closing(siteId, manager.sinceAt, at),
        ]);
      } catch (error) {
        // The site has been handed over in the same moment: there is nothing left to end.
        if (!cancelled(error)?.failed.includes(0)) throw error;
      }
    },

    /** Everything a person has managed, oldest first. */
    async tenuresOf(personId: string): Promise<Tenure[]> {
      const items = await allOf(db, {
        TableName: table,
        IndexName: 'tenures',
        KeyConditionExpression: 'tenureOf = :me',
        ExpressionAttributeValues: { ':me': personId },
      });
      return items.map((item) => StoredTenure.parse(item));
    },

    /** Who has managed a site, newest first. */
    async tenures(siteId: string, limit: number, cursor: string | undefined) {
      const before = placeOf(cursor, /^[\dT:.-]+Z$/);
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :site AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':site': partition(siteId),
          ':first': 'MANAGER#',
          // A space sorts before every digit: what lies strictly before the cursor.
          ':last': before ? `${tenureKey(siteId, before).sk.slice(0, -1)} ` : 'MANAGER#~',
        },
        ScanIndexForward: false,
      };
      const { items, more } = await pageOf(db, query, limit);
      const tenures = items.map((item) => StoredTenure.parse(item));
      const last = tenures.at(-1);
      return {
        managers: tenures.map(({ untilAt = null, siteId: _, ...tenure }) => ({ ...tenure, untilAt })),
        nextCursor: more && last ? cursorOf(last.sinceAt) : null,
      };
    },
  };
}
