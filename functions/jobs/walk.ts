import { type DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { JobName } from '../../shared/jobs/rules.js';
import type { Item } from '../database/queries.js';

/*
 * pattern                                          key                          index
 * how far a job has come through the tables        WALK#<job> / STATE           –
 *
 * The one place where tables are read through: what is looked for has no index, being due by its age alone.
 */
const stateKey = (job: JobName) => ({ pk: `WALK#${job}`, sk: 'STATE' });

const State = z.object({
  startedAt: z.string(),
  table: z.int(),
  from: z.optional(z.record(z.string(), z.string())),
  tally: z.record(z.string(), z.int()),
});
export type WalkState = z.output<typeof State>;

const pageSize = 200;

export interface Walk<T extends string> {
  readonly tables: readonly T[];
  /** Items looked at in one run; the next run goes on behind them. */
  readonly most: number;
  /** Does what is to be done with a page, and counts it by name. */
  readonly page: (table: T, items: readonly Item[], since: WalkState) => Promise<Readonly<Record<string, number>>>;
  readonly progress?: ((done: number, due: number) => Promise<void>) | undefined;
}

export function walkStore(db: DynamoDBDocumentClient, jobsTable: string, tableNames: Readonly<Record<string, string>>) {
  const keep = (job: JobName, state: WalkState | undefined) =>
    db.send(new PutCommand({ TableName: jobsTable, Item: { ...stateKey(job), ...(state ? { state } : {}) } }));

  return {
    /**
     * Walks through tables page by page, remembering after each how far it has come: a run that is killed, or has seen
     * enough, is gone on with. `forget` walks without remembering. Answers the tally once the end is reached.
     */
    async walk<T extends string>(
      job: JobName,
      { tables, most, page, progress }: Walk<T>,
      { now, forget = false }: { readonly now: Date; readonly forget?: boolean },
    ): Promise<{ readonly finished: boolean; readonly state: WalkState; readonly looked: number }> {
      const { Item } = forget
        ? { Item: undefined }
        : await db.send(new GetCommand({ TableName: jobsTable, Key: stateKey(job), ConsistentRead: true }));
      let state: WalkState = Item?.state ? State.parse(Item.state) : { startedAt: now.toISOString(), table: 0, tally: {} };
      let looked = 0;
      while (state.table < tables.length && looked < most) {
        const table = tables[state.table] as T;
        const { Items = [], LastEvaluatedKey } = await db.send(
          new ScanCommand({ TableName: tableNames[table] as string, Limit: pageSize, ExclusiveStartKey: state.from, ConsistentRead: true }),
        );
        const counted = await page(table, Items, state);
        const tally = { ...state.tally };
        for (const [name, n] of Object.entries(counted)) tally[name] = (tally[name] ?? 0) + n;
        looked += Items.length;
        const { startedAt } = state;
        state = LastEvaluatedKey
          ? { startedAt, tally, table: state.table, from: LastEvaluatedKey as Record<string, string> }
          : { startedAt, tally, table: state.table + 1 };
        if (!forget) await keep(job, state);
        await progress?.(state.table, tables.length);
      }
      const finished = state.table >= tables.length;
      if (finished && !forget) await keep(job, undefined);
      return { finished, state, looked };
    },
  };
}
export type WalkStore = ReturnType<typeof walkStore>;
