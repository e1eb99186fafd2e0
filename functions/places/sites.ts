import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import type { Site, SiteFacts } from '../../shared/places/contract.js';
import { type SiteType, siteTypes } from '../../shared/places/rules.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf, type Item, itemsOf, pageOf } from '../database/queries.js';

/*
 * pattern                        key                                           index
 * a site                         SITE#<siteId> / SITE                          –
 * sites of an area               SITES / <communityCode>#<siteId>              sites (an area's code begins those of its parts)
 * sites of a manager             <personId> / <siteId>                         manager
 */
export const partition = (siteId: string) => `SITE#${siteId}`;
export const siteKey = (siteId: string) => ({ pk: partition(siteId), sk: 'SITE' });
const areaAndId = (areaCode: string, siteId: string) => `${areaCode}#${siteId}`;

export const StoredManager = z.object({ personId: z.string(), organisation: z.string(), sinceAt: z.string() });
const StoredSite = z.object({
  siteId: z.string(),
  name: z.string(),
  siteType: z.enum(siteTypes),
  areaCode: z.string(),
  address: z.optional(z.string()),
  manager: z.optional(StoredManager),
});

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
  };
}

function listOf({ items, more }: { items: Item[]; more: boolean }) {
  const sites = items.map(siteOf);
  const last = sites.at(-1);
  return { sites, nextCursor: more && last ? cursorOf(areaAndId(last.areaCode, last.siteId)) : null };
}
