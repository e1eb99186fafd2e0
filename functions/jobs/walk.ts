import { type DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type JobName, runLeaseSeconds } from '../../shared/jobs/rules.js';
import { conditionFailed } from '../database/conditions.js';
import type { Item } from '../database/queries.js';
import { plainCommit, type Write } from '../database/writes.js';
import { JobHeld } from './run-job.js';

/*
 * pattern                                          key                          index
 * how far a job has come through the tables,       WALK#<job> / STATE           –
 * and who is walking right now
 *
 * The one place where tables are read through: what is looked for has no index, being due by its age alone.
 */
const stateKey = (job: JobName) => ({ pk: `WALK#${job}`, sk: 'STATE' });

const State = z.object({
  startedAt: z.string(),
  table: z.int(),
  from: z.optional(z.record(z.string(), z.string())),
  tally: z.record(z.string(), z.int()),
  /** Days of the record whose time is over: they go in their order, once all of them are known. */
  days: z.optional(z.array(z.string())),
  /** The last link of the audit chain that went. */
  chainFrom: z.optional(z.object({ day: z.string(), seq: z.int(), hash: z.string() })),
});
export type WalkState = z.output<typeof State>;
type Noted = Partial<Pick<WalkState, 'days' | 'chainFrom'>>;
export type Counts = Readonly<Record<string, number>>;

const pageSize = 200;

/** The walk as what does its work sees it. */
export interface Walked {
  readonly state: () => WalkState;
  /**
   * Counts what `commit` does, by the write that it must add to its transaction: what is done is counted and what is not
   * is not, wherever a run breaks off. `commit` answers false where it did nothing.
   */
  counting(counted: Counts, commit: (count: readonly Write[]) => Promise<boolean>, noted?: Noted): Promise<boolean>;
}

export interface Walk<T extends string> {
  readonly tables: readonly T[];
  /** Items looked at in one run; the next run goes on behind them. */
  readonly most: number;
  /** Does what is to be done with a page. What it answers is counted with the step to the next page. */
  readonly page: (table: T, items: readonly Item[], walked: Walked) => Promise<{ readonly counted?: Counts; readonly noted?: Noted }>;
  /** What is left to do at the end. The given writes close the walk. */
  readonly finish?: (walked: Walked, closing: readonly Write[]) => Promise<void>;
  readonly progress?: ((done: number, due: number) => Promise<void>) | undefined;
}
export interface Walker {
  readonly now: () => Date;
  readonly owner: string;
  /** Walks without holding or remembering anything. */
  readonly forget?: boolean;
}

export function walkStore(db: DynamoDBDocumentClient, jobsTable: string, tableNames: Readonly<Record<string, string>>) {
  const commit = plainCommit(db);
  const until = (now: Date) => new Date(now.getTime() + runLeaseSeconds * 1000).toISOString();

  /** One walks at a time, whatever it was scheduled for: a walk of two would count what the other one has taken. */
  const take = async (job: JobName, { now, owner }: Walker): Promise<WalkState | undefined> => {
    try {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: jobsTable,
          Key: stateKey(job),
          UpdateExpression: 'SET #owner = :me, #until = :until',
          ConditionExpression: 'attribute_not_exists(#owner) OR #until < :now',
          ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
          ExpressionAttributeValues: { ':me': owner, ':until': until(now()), ':now': now().toISOString() },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes?.state && State.parse(Attributes.state);
    } catch (error) {
      if (conditionFailed(error)) throw new JobHeld(`another ${job} is under way`);
      throw error;
    }
  };

  const mine = (owner: string) => ({
    ConditionExpression: '#owner = :me',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':me': owner },
  });
  const keeping = (job: JobName, { now, owner }: Walker, state: WalkState): Write => ({
    Put: { TableName: jobsTable, Item: { ...stateKey(job), owner, until: until(now()), state }, ...mine(owner) },
  });
  const closing = (job: JobName, { owner }: Walker): Write => ({ Delete: { TableName: jobsTable, Key: stateKey(job), ...mine(owner) } });

  const letGo = async (job: JobName, { owner }: Walker) => {
    try {
      const Release = { TableName: jobsTable, Key: stateKey(job), UpdateExpression: 'REMOVE #owner, #until', ...mine(owner) };
      await db.send(new UpdateCommand({ ...Release, ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' } }));
    } catch {
      // It is over, or another's; otherwise its time will end.
    }
  };

  return {
    /**
     * Walks through tables page by page, remembering how far it has come: a run that is killed, or has seen enough, is
     * gone on with. Answers the tally so far, and whether the end was reached.
     */
    async walk<T extends string>(
      job: JobName,
      { tables, most, page, finish, progress }: Walk<T>,
      walker: Walker,
    ): Promise<{ readonly finished: boolean; readonly state: WalkState; readonly looked: number }> {
      const { forget = false, now } = walker;
      const begun = forget ? undefined : await take(job, walker);
      let state: WalkState = begun ?? { startedAt: now().toISOString(), table: 0, tally: {} };
      let looked = 0;
      const step = async (next: WalkState) => {
        if (!forget) await commit([keeping(job, walker, next)]);
        state = next;
      };
      const walked: Walked = {
        state: () => state,
        async counting(counted, work, noted = {}) {
          const next = { ...state, ...noted, tally: added(state.tally, counted) };
          const done = await work(forget ? [] : [keeping(job, walker, next)]);
          if (done) state = next;
          return done;
        },
      };
      try {
        while (state.table < tables.length && looked < most) {
          const table = tables[state.table] as T;
          const { Items = [], LastEvaluatedKey } = await db.send(
            new ScanCommand({
              TableName: tableNames[table] as string,
              Limit: Math.min(pageSize, most - looked),
              ExclusiveStartKey: state.from,
              ConsistentRead: true,
            }),
          );
          const { counted = {}, noted = {} } = await page(table, Items, walked);
          looked += Items.length;
          const { from: _, ...here } = { ...state, ...noted, tally: added(state.tally, counted) };
          await step(LastEvaluatedKey ? { ...here, from: LastEvaluatedKey as Record<string, string> } : { ...here, table: here.table + 1 });
          await progress?.(state.table, tables.length);
        }
        const finished = state.table >= tables.length;
        const close = forget ? [] : [closing(job, walker)];
        if (finished && finish) await finish(walked, close);
        else if (finished && close.length) await commit(close);
        return { finished, state, looked };
      } finally {
        if (!forget) await letGo(job, walker);
      }
    },
  };
}
export type WalkStore = ReturnType<typeof walkStore>;

function added(tally: Counts, counted: Counts): Record<string, number> {
  const sum = { ...tally };
  for (const [name, n] of Object.entries(counted)) sum[name] = (sum[name] ?? 0) + n;
  return sum;
}

/** Every item of a table, in no order. */
export async function* everyItem(db: DynamoDBDocumentClient, table: string): AsyncGenerator<Item> {
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await db.send(
      new ScanCommand({ TableName: table, ExclusiveStartKey: from, ConsistentRead: true }),
    );
    yield* Items;
    from = LastEvaluatedKey;
  } while (from);
}
