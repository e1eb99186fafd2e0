import { setTimeout as wait } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import type { Household, Site } from '../../shared/places/contract.js';
import type { RegisterEntry } from '../../shared/places/register.js';
import { mostHouseholds } from '../../shared/places/rules.js';
import type { Roster } from '../../shared/sorting/rules.js';
import { getAll } from '../database/batches.js';
import { cancelled } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf } from '../database/queries.js';
import { partition, siteOf } from './sites.js';

/*
 * pattern                         key                                      index
 * numbers lived in and empty      SITE#<siteId> / SITE#ROSTER              –
 * a site and its roster           SITE#<siteId> / begins_with SITE         –
 * labels, 250 to a sheet          SITE#<siteId> / LABELS#<sheet>           –
 *
 * The roster says which households there are and who lives there; check-ins and rollups need nothing else. Labels stand
 * beside it on sheets, so that a whole register, 20,000 households on 80 sheets, changes in one transaction or not at all.
 */
const rosterKey = (siteId: string) => ({ pk: partition(siteId), sk: 'SITE#ROSTER' });
const labelsKey = (siteId: string, sheet: number) => ({ pk: partition(siteId), sk: `LABELS#${String(sheet).padStart(3, '0')}` });
const perSheet = 250;
const sheetOf = (householdNo: number) => Math.floor((householdNo - 1) / perSheet);

const Numbers = z._default(z.set(z.number()), () => new Set<number>());
const StoredRoster = z.object({ occupied: Numbers, vacant: Numbers, version: z._default(z.int(), 0) });
const StoredLabels = z.object({ sk: z.string(), labels: z.record(z.string(), z.string()) });

export function registerStore(db: DynamoDBDocumentClient, table: string) {
  const rosterOf = (item: unknown) => StoredRoster.parse(item ?? {});

  const sheets = async (siteId: string, numbers: readonly number[]) => {
    const wanted = [...new Set(numbers.map(sheetOf))];
    const items = await getAll(
      db,
      table,
      wanted.map((sheet) => labelsKey(siteId, sheet)),
      { consistent: true },
    );
    const found = new Map(items.map((item) => StoredLabels.parse(item)).map(({ sk, labels }) => [sk, labels]));
    return new Map(wanted.map((sheet) => [sheet, { ...found.get(labelsKey(siteId, sheet).sk) }]));
  };

  const roster = async (siteId: string) => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: rosterKey(siteId), ConsistentRead: true }));
    return rosterOf(Item);
  };

  return {
    /** A site with its roster, in one request. */
    async siteWithRoster(siteId: string): Promise<{ site: Site; roster: Roster } | undefined> {
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :site AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':site': partition(siteId), ':prefix': 'SITE' },
        }),
      );
      const [site, numbers] = Items;
      return site && { site: siteOf(site), roster: rosterOf(numbers) };
    },

    /** The households lived in at each of up to 100 sites. */
    async occupiedAt(siteIds: readonly string[]): Promise<Map<string, ReadonlySet<number>>> {
      const items = await getAll(db, table, siteIds.map(rosterKey), { consistent: false });
      const occupied = new Map(items.map((item) => [String(item.pk), rosterOf(item).occupied]));
      return new Map(siteIds.map((siteId) => [siteId, occupied.get(partition(siteId)) ?? new Set<number>()]));
    },

    /** Households by number, from the one after the cursor. */
    async households(siteId: string, limit: number, cursor: string | undefined) {
      const after = Number(placeOf(cursor, /^\d{1,5}$/) ?? 0);
      const { occupied, vacant } = await roster(siteId);
      const numbers = [...occupied, ...vacant].filter((no) => no > after).sort((a, b) => a - b);
      const page = numbers.slice(0, limit);
      const labels = await sheets(siteId, page);
      const households = page.map(
        (householdNo): Household => ({
          householdNo,
          label: labels.get(sheetOf(householdNo))?.[householdNo] ?? '',
          occupied: occupied.has(householdNo),
        }),
      );
      return { households, nextCursor: numbers.length > limit ? cursorOf(String(page.at(-1))) : null };
    },

    /** The whole register, with the version that `enter` checks. */
    async register(siteId: string): Promise<{ entries: RegisterEntry[]; version: number }> {
      const { occupied, version } = await roster(siteId);
      const items = await allOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :site AND begins_with(sk, :labels)',
        ExpressionAttributeValues: { ':site': partition(siteId), ':labels': 'LABELS' },
      });
      const entries = items
        .flatMap((item) => Object.entries(StoredLabels.parse(item).labels))
        .map(([no, label]) => ({ householdNo: Number(no), label, occupied: occupied.has(Number(no)) }));
      return { entries, version };
    },

    /**
     * Enters households into the register: all of them, or none. With `version`, only if nobody changed it since.
     * Throws `site_changed_meanwhile` where others keep changing it.
     */
    async enter(siteId: string, entries: readonly RegisterEntry[], version?: number): Promise<{ households: number; occupied: number }> {
      for (let tries = 1; ; tries++) {
        const before = await roster(siteId);
        if (version !== undefined && before.version !== version) throw new Failure('site_changed_meanwhile');
        const occupied = new Set(before.occupied);
        const vacant = new Set(before.vacant);
        const labels = await sheets(
          siteId,
          entries.map(({ householdNo }) => householdNo),
        );
        for (const { householdNo, label, occupied: livedIn } of entries) {
          (livedIn ? occupied : vacant).add(householdNo);
          (livedIn ? vacant : occupied).delete(householdNo);
          (labels.get(sheetOf(householdNo)) as Record<string, string>)[householdNo] = label;
        }
        if (occupied.size + vacant.size > mostHouseholds) throw new Failure('site_too_large');
        const numbers = {
          ...(occupied.size ? { occupied } : {}),
          ...(vacant.size ? { vacant } : {}),
          version: before.version + 1,
        };
        const Put = {
          TableName: table,
          Item: { ...rosterKey(siteId), ...numbers },
          ConditionExpression: before.version ? 'version = :version' : 'attribute_not_exists(pk)',
          ...(before.version ? { ExpressionAttributeValues: { ':version': before.version } } : {}),
        };
        const changed = [...labels].map(([sheet, named]) => ({
          Put: { TableName: table, Item: { ...labelsKey(siteId, sheet), labels: named } },
        }));
        try {
          await db.send(new TransactWriteCommand({ TransactItems: [{ Put }, ...changed] }));
          return { households: occupied.size + vacant.size, occupied: occupied.size };
        } catch (error) {
          if (!cancelled(error)) throw error;
          if (tries === 6) throw new Failure('site_changed_meanwhile');
          await wait(25 * 2 ** tries * Math.random());
        }
      }
    },
  };
}
