import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type AreaLevel, areaLevels, streetOf } from '../../shared/city/areas.js';
import { siteTypes } from '../../shared/places/rules.js';
import type { AreaWeek, FiguresByType, SiteWeek } from '../../shared/rollups/rules.js';
import { putAll } from '../database/batches.js';
import { allOf, pageOf } from '../database/queries.js';
import { type Commit, plainCommit } from '../database/writes.js';
import { type Held, weekStore } from './weeks.js';

/*
 * pattern                            key                                        index
 * a site's week as counted           COUNT#<week>#<revision> / SITE#<siteId>     –
 * a level's rows, by revision        LEVEL#<level> / <week>#<revision>          –
 * a street's sites, by revision      SITES#<week>#<revision> / <street>#<n>     –
 *
 * The newest revision of a level is the last of its week: one request. Revision 0 is provisional and overwritten every
 * night; the others are written once. A site's week keeps the households that were lived in at the close, so that the
 * next revision counts the same sites against the same households.
 */
const four = (revision: number) => String(revision).padStart(4, '0');
const countPartition = (week: string, revision: number) => `COUNT#${week}#${four(revision)}`;
const countKey = (week: string, revision: number, siteId: string) => ({ pk: countPartition(week, revision), sk: `SITE#${siteId}` });
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
const StreetRows = z.object({ computedAt: z.string(), rows: z.array(SiteRow) });
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
/** Kept as the two halves of the households lived in: together they take no more room than the whole. */
const StoredCount = z.extend(SiteRow, { took: Numbers, notYet: Numbers, dayCounts: z.array(z.int()), run: z.string() });
const countedOf = (item: unknown): Counted => {
  const { took, ...count } = StoredCount.parse(item);
  return { ...count, occupied: new Set([...took, ...count.notYet]) };
};
/** A site's week with what it was counted against. `run` names the run that counted it. */
export type Counted = SiteWeek & {
  readonly occupied: ReadonlySet<number>;
  readonly notYet: ReadonlySet<number>;
  readonly dayCounts: readonly number[];
  readonly run: string;
};

export function figureStore(db: DynamoDBDocumentClient, table: string) {
  const weeks = weekStore(db, table);

  return {
    async keepCounted(week: string, revision: number, sites: readonly Counted[]): Promise<void> {
      const items = sites.map(({ occupied, notYet, ...site }) => {
        const took = new Set([...occupied].filter((no) => !notYet.has(no)));
        return {
          ...countKey(week, revision, site.siteId),
          ...site,
          ...(took.size ? { took } : {}),
          ...(notYet.size ? { notYet } : {}),
        };
      });
      await putAll(db, table, items);
    },

    /** Every site's week as a revision counted it, or has begun to. */
    async counted(week: string, revision: number): Promise<Counted[]> {
      const items = await allOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :count',
        ExpressionAttributeValues: { ':count': countPartition(week, revision) },
      });
      return items.map(countedOf);
    },

    /** A site's week in the newest published revision, once its week is closed. */
    async closedSiteWeek(week: string, siteId: string) {
      const { closedAt, revision } = await weeks.stateOf(week);
      if (!closedAt) return undefined;
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: countKey(week, revision, siteId) }));
      if (!Item) return undefined;
      const { done, due, occupied, notYet, dayCounts, reported } = countedOf(Item);
      return { participation: { done, due }, occupied, dayCounts, reported, notYet: [...notYet].sort((a, b) => a - b) };
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

    /** Every revision that a person made. */
    async revisionsBy(personId: string): Promise<LevelRows[]> {
      const items = await allOf(db, {
        TableName: table,
        KeyConditionExpression: 'pk = :level',
        FilterExpression: 'closedBy = :who',
        ExpressionAttributeValues: { ':level': levelPartition('district'), ':who': personId },
      });
      return items.map((item) => LevelRows.parse(item));
    },

    /** Site rows of a revision, of one street or of all. What an earlier count under the same number left is passed over. */
    async siteRows({ week, revision, computedAt }: Heading, street?: string): Promise<SiteRow[]> {
      const items = await allOf(db, {
        TableName: table,
        KeyConditionExpression: `pk = :sites${street ? ' AND begins_with(sk, :street)' : ''}`,
        ExpressionAttributeValues: { ':sites': sitesPartition(week, revision), ...(street ? { ':street': street } : {}) },
      });
      return items.map((item) => StreetRows.parse(item)).flatMap((found) => (found.computedAt === computedAt ? found.rows : []));
    },

    /** Publishes a revision whole: every level, every site and the week's state, in one transaction. */
    async publish(
      held: Held,
      heading: Heading,
      levels: Record<AreaLevel, readonly AreaRow[]>,
      sites: readonly SiteRow[],
      mendedThrough: string | undefined,
      commit: Commit = plainCommit(db),
    ): Promise<void> {
      const { week, revision, closedAt } = heading;
      const rowsOf = areaLevels.map((level) => ({ ...levelKey(level, week, revision), ...heading, rows: levels[level] }));
      const streets = [...new Set(sites.map(({ areaCode }) => streetOf(areaCode)))];
      const sitesOf = streets.flatMap((street) => {
        const rows = sites.filter(({ areaCode }) => streetOf(areaCode) === street);
        return Array.from({ length: Math.ceil(rows.length / sitesPerItem) }, (_, n) => ({
          pk: sitesPartition(week, revision),
          sk: `${street}#${n}`,
          computedAt: heading.computedAt,
          rows: rows.slice(n * sitesPerItem, (n + 1) * sitesPerItem),
        }));
      });
      const puts = [...rowsOf, ...sitesOf].map((Item) => ({ Put: { TableName: table, Item } }));
      await commit([weeks.settle(held, revision, { closedAt, mendedThrough }), ...puts]);
    },
  };
}
