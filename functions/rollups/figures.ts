import { type DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type AreaLevel, areaLevels, streetOf } from '../../shared/city/areas.js';
import { siteTypes } from '../../shared/places/rules.js';
import type { AreaWeek, FiguresByType, SiteWeek } from '../../shared/rollups/rules.js';
import { putAll } from '../database/batches.js';
import { allOf, pageOf } from '../database/queries.js';
import { type Held, weekStore } from './weeks.js';

/*
 * pattern                            key                                        index
 * a site's week as counted           WEEK#<week> / SITE#<siteId>                –
 * a level's rows, by revision        LEVEL#<level> / <week>#<revision>          –
 * a street's sites, by revision      SITES#<week>#<revision> / <street>#<n>     –
 *
 * The newest revision of a level is the last of its week: one request. Revision 0 is provisional and overwritten every
 * night; the others are written once. A site's week keeps the households that were lived in at the close, so that a
 * later revision counts against the same ones.
 */
const weekPartition = (week: string) => `WEEK#${week}`;
const siteWeekKey = (week: string, siteId: string) => ({ pk: weekPartition(week), sk: `SITE#${siteId}` });
const four = (revision: number) => String(revision).padStart(4, '0');
const levelPartition = (level: AreaLevel) => `LEVEL#${level}`;
const levelKey = (level: AreaLevel, week: string, revision: number) => ({ pk: levelPartition(level), sk: `${week}#${four(revision)}` });
const sitesPartition = (week: string, revision: number) => `SITES#${week}#${four(revision)}`;
const sitesPerItem = 500;

const Figures = z.object({ done: z.int(), due: z.int(), sitesDue: z.int(), sitesReporting: z.int() });
const ByType = z.partialRecord(z.enum(siteTypes), Figures);
const AreaRow = z.object({ areaCode: z.string(), byType: ByType, previous: z._default(ByType, {}) });
export type AreaRow = AreaWeek & { readonly previous: FiguresByType };

const SiteRow = z.object({
  siteId: z.string(),
  name: z.string(),
  siteType: z.enum(siteTypes),
  areaCode: z.string(),
  done: z.int(),
  due: z.int(),
  reported: z.boolean(),
  previous: z.optional(z.object({ done: z.int(), due: z.int() })),
});
export type SiteRow = SiteWeek & { readonly previous?: { readonly done: number; readonly due: number } | undefined };

const Heading = z.object({
  week: z.string(),
  revision: z.int(),
  computedAt: z.string(),
  closedAt: z.optional(z.string()),
  reason: z.optional(z.string()),
  closedBy: z.optional(z.string()),
});
export type Heading = z.output<typeof Heading>;
const LevelRows = z.extend(Heading, { rows: z.array(AreaRow) });
export type LevelRows = Heading & { readonly rows: readonly AreaRow[] };

const Numbers = z._default(z.set(z.number()), () => new Set<number>());
const Counted = z.extend(SiteRow, { occupied: Numbers, dayCounts: z.array(z.int()), run: z.string() });
/** A site's week with what it was counted against. `run` names the run that counted it. */
export type Counted = SiteWeek & { readonly occupied: ReadonlySet<number>; readonly dayCounts: readonly number[]; readonly run: string };

export function figureStore(db: DynamoDBDocumentClient, table: string) {
  const weeks = weekStore(db, table);

  return {
    async keepCounted(week: string, sites: readonly Counted[]): Promise<void> {
      const items = sites.map(({ occupied, ...site }) => ({
        ...siteWeekKey(week, site.siteId),
        ...site,
        ...(occupied.size ? { occupied } : {}),
      }));
      await putAll(db, table, items);
    },

    async counted(week: string): Promise<Counted[]> {
      const items = await allOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :week AND begins_with(sk, :sites)',
        ExpressionAttributeValues: { ':week': weekPartition(week), ':sites': 'SITE#' },
      });
      return items.map((item) => Counted.parse(item));
    },

    /** A site's week as counted, once its week is closed. */
    async closedSiteWeek(week: string, siteId: string) {
      const [{ Item }, { closedAt }] = await Promise.all([
        db.send(new GetCommand({ TableName: table, Key: siteWeekKey(week, siteId) })),
        weeks.stateOf(week),
      ]);
      if (!Item || !closedAt) return undefined;
      const { done, due, occupied, dayCounts } = Counted.parse(Item);
      return { participation: { done, due }, occupied, dayCounts };
    },

    /** A level's rows in a week: of one revision, or the newest. One request. */
    async level(level: AreaLevel, week: string, revision?: number): Promise<LevelRows | undefined> {
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :level AND begins_with(sk, :week)',
          ExpressionAttributeValues: {
            ':level': levelPartition(level),
            ':week': revision === undefined ? `${week}#` : levelKey(level, week, revision).sk,
          },
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      return Items[0] && LevelRows.parse(Items[0]);
    },

    /** A level's rows from week to week, each week in its newest revision. */
    async levels(level: AreaLevel, from: string, to: string): Promise<LevelRows[]> {
      const items = await allOf(db, {
        TableName: table,
        KeyConditionExpression: 'pk = :level AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':level': levelPartition(level), ':from': `${from}#`, ':to': `${to}#~` },
      });
      // In ascending order: the last of a week stays.
      return [...new Map(items.map((item) => LevelRows.parse(item)).map((rows) => [rows.week, rows])).values()];
    },

    /** Revisions of a closed week, newest first. */
    async revisions(week: string, limit: number, before: number | undefined): Promise<{ revisions: LevelRows[]; more: boolean }> {
      const query = {
        TableName: table,
        KeyConditionExpression: 'pk = :level AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':level': levelPartition('district'),
          ':first': `${week}#${four(1)}`,
          ':last': before === undefined ? `${week}#~` : `${week}#${four(before - 1)}`,
        },
        ScanIndexForward: false,
      };
      const { items, more } = await pageOf(db, query, limit);
      return { revisions: items.map((item) => LevelRows.parse(item)), more };
    },

    /** Site rows of a revision, of one street or of all. */
    async siteRows(week: string, revision: number, street?: string): Promise<SiteRow[]> {
      const items = await allOf(db, {
        TableName: table,
        KeyConditionExpression: `pk = :sites${street ? ' AND begins_with(sk, :street)' : ''}`,
        ExpressionAttributeValues: { ':sites': sitesPartition(week, revision), ...(street ? { ':street': street } : {}) },
      });
      return items.flatMap(({ rows }) => z.array(SiteRow).parse(rows));
    },

    /** Publishes a revision whole: every level, every site and the week's state, in one transaction. */
    async publish(held: Held, heading: Heading, levels: Record<AreaLevel, readonly AreaRow[]>, sites: readonly SiteRow[]): Promise<void> {
      const { week, revision, closedAt } = heading;
      const rowsOf = areaLevels.map((level) => ({ ...levelKey(level, week, revision), ...heading, rows: levels[level] }));
      const streets = [...new Set(sites.map(({ areaCode }) => streetOf(areaCode)))];
      const sitesOf = streets.flatMap((street) => {
        const rows = sites.filter(({ areaCode }) => streetOf(areaCode) === street);
        return Array.from({ length: Math.ceil(rows.length / sitesPerItem) }, (_, n) => ({
          pk: sitesPartition(week, revision),
          sk: `${street}#${n}`,
          rows: rows.slice(n * sitesPerItem, (n + 1) * sitesPerItem),
        }));
      });
      const puts = [...rowsOf, ...sitesOf].map((Item) => ({ Put: { TableName: table, Item } }));
      await db.send(new TransactWriteCommand({ TransactItems: [weeks.settle(held, revision, closedAt), ...puts] }));
    },
  };
}
