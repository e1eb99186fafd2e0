import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type JobName, jobNames, runLeaseSeconds, runStatuses } from '../../shared/jobs/rules.js';
import { conditionFailed, itemInTheWay } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { pageOf } from '../database/queries.js';
import type { Classify } from '../platform/holder.js';

/*
 * pattern                          key                                 index
 * runs of a job, by time           RUN#<job> / <scheduledAt>           –
 *
 * The scheduler delivers at least once: a run is claimed under the time it was meant for, and a claim that has said
 * nothing for a while may be taken over.
 */
const runKey = (job: string, scheduledAt: string) => ({ pk: `RUN#${job}`, sk: scheduledAt });

const Stored = z.object({
  job: z.enum(jobNames),
  scheduledAt: z.string(),
  about: z.optional(z.string()),
  status: z.enum(runStatuses),
  owner: z.string(),
  /** Until then a running one need not say anything. */
  until: z.string(),
  startedAt: z.string(),
  finishedAt: z.optional(z.string()),
  done: z.int(),
  due: z.int(),
  result: z._default(z.record(z.string(), z.int()), {}),
});
export type Run = z.output<typeof Stored>;

/** A run a minute would be half a million a year: what they sent stands with the messages. */
const ttlOf = (job: JobName, now: Date) => (job === 'send-messages' ? { ttl: Math.floor(now.getTime() / 1000) + 7 * 86_400 } : {});

export const classOfRun: Classify = ({ pk, finishedAt, until }) =>
  String(pk).startsWith('RUN#') ? { of: 'job_runs', since: String(finishedAt ?? until) } : undefined;

export function runStore(db: DynamoDBDocumentClient, table: string) {
  const until = (now: Date) => new Date(now.getTime() + runLeaseSeconds * 1000).toISOString();
  const change = async ({ job, scheduledAt, owner }: Run, expression: string, values: Record<string, unknown>, names: string[] = []) => {
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: runKey(job, scheduledAt),
        UpdateExpression: expression,
        ConditionExpression: '#owner = :me',
        ExpressionAttributeNames: Object.fromEntries(['owner', ...names].map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: { ':me': owner, ...values },
      }),
    );
  };

  return {
    /** Takes a run: nothing was done under its time, or what was begun has died or failed. */
    async claimRun(
      { job, scheduledAt, about, owner }: Pick<Run, 'job' | 'scheduledAt' | 'about' | 'owner'>,
      now: Date,
    ): Promise<Run | 'done' | 'held'> {
      const run: Run = {
        ...{ job, scheduledAt, about, owner, status: 'running' as const },
        ...{ until: until(now), startedAt: now.toISOString(), done: 0, due: 0, result: {} },
      };
      try {
        await db.send(
          new PutCommand({
            TableName: table,
            Item: { ...runKey(job, scheduledAt), ...run, ...ttlOf(job, now) },
            ConditionExpression: 'attribute_not_exists(pk) OR #status = :failed OR (#status = :running AND #until < :now)',
            ExpressionAttributeNames: { '#status': 'status', '#until': 'until' },
            ExpressionAttributeValues: { ':failed': 'failed', ':running': 'running', ':now': now.toISOString() },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return run;
      } catch (error) {
        if (!conditionFailed(error)) throw error;
        return Stored.safeParse(itemInTheWay(error)).data?.status === 'done' ? 'done' : 'held';
      }
    },

    /** Says how far a run is, and holds on to it. Throws where it was taken over. */
    advanceRun: (run: Run, done: number, due: number, now: Date) =>
      change(run, 'SET #done = :done, #due = :due, #until = :until', { ':done': done, ':due': due, ':until': until(now) }, [
        'done',
        'due',
        'until',
      ]),

    finishRun: (run: Run, status: 'done' | 'failed', result: Run['result'], now: Date) =>
      change(
        run,
        'SET #status = :status, finishedAt = :at, #until = :at, #result = :result',
        { ':status': status, ':at': now.toISOString(), ':result': result },
        ['status', 'until', 'result'],
      ),

    /** Takes back a claim under which nothing was done. */
    async dropRun({ job, scheduledAt, owner }: Run): Promise<void> {
      try {
        await db.send(
          new DeleteCommand({
            TableName: table,
            Key: runKey(job, scheduledAt),
            ConditionExpression: '#owner = :me',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: { ':me': owner },
          }),
        );
      } catch (error) {
        if (!conditionFailed(error)) throw error;
      }
    },

    /** Runs of a job, newest first. */
    async runs(job: JobName, limit: number, cursor: string | undefined) {
      const before = placeOf(cursor, /^[\dT:.-]+Z$/);
      const query = {
        TableName: table,
        KeyConditionExpression: `pk = :job${before ? ' AND sk < :before' : ''}`,
        ExpressionAttributeValues: { ':job': runKey(job, '').pk, ...(before ? { ':before': before } : {}) },
        ScanIndexForward: false,
      };
      const { items, more } = await pageOf(db, query, limit);
      const runs = items.map((item) => Stored.parse(item));
      const last = runs.at(-1);
      return { runs, nextCursor: more && last ? cursorOf(last.scheduledAt) : null };
    },
  };
}
export type RunStore = ReturnType<typeof runStore>;
