import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import type { Manager, Site, SiteFacts } from '../../shared/places/contract.js';
import { type SiteType, siteTypes } from '../../shared/places/rules.js';
import { cancelled } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { type Commit, plainCommit } from '../database/writes.js';
import { allOf, type Item, itemsOf, pageOf } from '../database/queries.js';

/*
 * pattern                        key                                           index
 * a site                         SITE#<siteId> / SITE                          –
 * who has managed it, in time    SITE#<siteId> / MANAGER#<sinceAt>             –
 * sites of an area               SITES / <communityCode>#<siteId>              sites (an area's code begins those of its parts)
 * sites of a manager             <personId> / <siteId>                         manager
 */
export const partition = (siteId: string) => `SITE#${siteId}`;
const siteKey = (siteId: string) => ({ pk: partition(siteId), sk: 'SITE' });
const managerKey = (siteId: string, sinceAt: string) => ({ pk: partition(siteId), sk: `MANAGER#${sinceAt}` });
const areaAndId = (areaCode: string, siteId: string) => `${areaCode}#${siteId}`;

const StoredManager = z.object({ personId: z.string(), organisation: z.string(), sinceAt: z.string() });
const StoredSite = z.object({
  siteId: z.string(),
  name: z.string(),
  siteType: z.enum(siteTypes),
  areaCode: z.string(),
  address: z.optional(z.string()),
  manager: z.optional(StoredManager),
});
const StoredTenure = z.extend(StoredManager, { untilAt: z.optional(z.string()), appointedBy: z.string() });

export const siteOf = (item: unknown): Site => {
  const { manager = null, ...site } = StoredSite.parse(item);
  return { ...site, manager };
};

interface List {
  readonly areaCode: string;
  readonly siteType?: SiteType | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export function siteStore(db: DynamoDBDocumentClient, table: string) {
  const typeFilter = (siteType: SiteType | undefined) =>
    siteType ? { FilterExpression: 'siteType = :type', values: { ':type': siteType } } : { values: {} };

  const sitesOfArea = (areaCode: string, siteType: SiteType | undefined, after?: string) => {
    const { values, ...filter } = typeFilter(siteType);
    return {
      TableName: table,
      IndexName: 'sites',
      // '~' sorts behind digits, '#' and ids: everything that begins with the code, or comes after the cursor.
      KeyConditionExpression: 'listed = :sites AND areaAndId BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':sites': 'SITES', ':from': after ? `${after}~` : areaCode, ':to': `${areaCode}~`, ...values },
      ...filter,
    };
  };

  return {
    async site(siteId: string): Promise<Site | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: siteKey(siteId), ConsistentRead: true }));
      return Item && siteOf(Item);
    },

    /** Registers a site or corrects its facts; its manager stays. */
    async keepSite(siteId: string, { name, siteType, areaCode, address }: SiteFacts): Promise<Site> {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: siteKey(siteId),
          UpdateExpression: `SET siteId = :siteId, #name = :name, siteType = :type, areaCode = :area, listed = :sites, areaAndId = :place${
            address ? ', address = :address' : ' REMOVE address'
          }`,
          ExpressionAttributeNames: { '#name': 'name' },
          ExpressionAttributeValues: {
            ':siteId': siteId,
            ':name': name,
            ':type': siteType,
            ':area': areaCode,
            ':sites': 'SITES',
            ':place': areaAndId(areaCode, siteId),
            ...(address ? { ':address': address } : {}),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return siteOf(Attributes);
    },

    async sitesIn({ areaCode, siteType, limit, cursor }: List) {
      const after = placeOf(cursor, /^\d{12}#[0-9a-f-]{36}$/);
      if (after && !after.startsWith(areaCode)) throw new Failure('invalid_cursor');
      return listOf(await pageOf(db, sitesOfArea(areaCode, siteType, after), limit));
    },

    /** Every site of the district, whatever its type, one after another. */
    async *everySite(areaCode: string): AsyncGenerator<Site> {
      for await (const item of itemsOf(db, sitesOfArea(areaCode, undefined))) yield siteOf(item);
    },

    async sitesOfManager(personId: string, { areaCode, siteType, limit, cursor }: List) {
      const after = placeOf(cursor, /^\d{12}#[0-9a-f-]{36}$/)?.split('#')[1];
      const { values } = typeFilter(siteType);
      const query = {
        TableName: table,
        IndexName: 'manager',
        KeyConditionExpression: `managerId = :me${after ? ' AND siteId > :after' : ''}`,
        FilterExpression: `begins_with(areaCode, :area)${siteType ? ' AND siteType = :type' : ''}`,
        ExpressionAttributeValues: { ':me': personId, ':area': areaCode, ...(after ? { ':after': after } : {}), ...values },
      };
      return listOf(await pageOf(db, query, limit));
    },

    /** A manager's sites. */
    async managedBy(personId: string): Promise<Site[]> {
      const query = {
        TableName: table,
        IndexName: 'manager',
        KeyConditionExpression: 'managerId = :me',
        ExpressionAttributeValues: { ':me': personId },
      };
      return (await allOf(db, query)).map(siteOf);
    },

    /** Hands a site over, closing the tenure before. Throws `site_changed_meanwhile` where another hand-over came first. */
    async handOver(site: Site, manager: Manager, appointedBy: string, commit: Commit = plainCommit(db)): Promise<void> {
      const { siteId, manager: before } = site;
      const { personId, sinceAt } = manager;
      const closed = before && {
        Update: {
          TableName: table,
          Key: managerKey(siteId, before.sinceAt),
          UpdateExpression: 'SET untilAt = :at',
          ExpressionAttributeValues: { ':at': sinceAt },
        },
      };
      const Put = { TableName: table, Item: { ...managerKey(siteId, sinceAt), ...manager, appointedBy } };
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
          ':last': before ? `${managerKey(siteId, before).sk.slice(0, -1)} ` : 'MANAGER#~',
        },
        ScanIndexForward: false,
      };
      const { items, more } = await pageOf(db, query, limit);
      const tenures = items.map((item) => StoredTenure.parse(item));
      const last = tenures.at(-1);
      return {
        managers: tenures.map(({ untilAt = null, ...tenure }) => ({ ...tenure, untilAt })),
        nextCursor: more && last ? cursorOf(last.sinceAt) : null,
      };
    },
  };
}

function listOf({ items, more }: { items: Item[]; more: boolean }) {
  const sites = items.map(siteOf);
  const last = sites.at(-1);
  return { sites, nextCursor: more && last ? cursorOf(areaAndId(last.areaCode, last.siteId)) : null };
}
