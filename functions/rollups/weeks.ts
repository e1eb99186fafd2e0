import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { conditionFailed, itemInTheWay } from '../database/conditions.js';

/*
 * pattern                          key                                 index
 * a week: state, and its lease     WEEK#<week> / STATE                 –
 *
 * Whoever rolls a week up holds its lease, a job or a revision alike; each step extends it and each write that counts
 * is conditional on it, so that a run that was thought dead cannot overtake its successor.
 */
const stateKey = (week: string) => ({ pk: `WEEK#${week}`, sk: 'STATE' });

export const leaseSeconds = 30;

const Lease = z.object({ owner: z.string(), run: z.string(), until: z.string(), done: z.int(), due: z.int() });
const State = z.object({
  week: z.string(),
  revision: z._default(z.int(), 0),
  /** From here on the week takes no more check-ins. */
  closingSince: z.optional(z.string()),
  closedAt: z.optional(z.string()),
  /** Check-ins touched until then have been looked at, and their days mended. */
  mendedThrough: z.optional(z.string()),
  lease: z.optional(Lease),
});
export type State = z.output<typeof State>;

/** What a run does to its week. */
export type Kind = 'count' | 'close' | 'revise';
/** Held by the one who may write. `resumed` says that an earlier attempt of the same run broke off. */
export interface Held {
  readonly week: string;
  readonly owner: string;
  /** As it stood when it was claimed. */
  readonly state: State;
  readonly resumed: boolean;
}

export function weekStore(db: DynamoDBDocumentClient, table: string) {
  const state = async (week: string): Promise<State> => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: stateKey(week) }));
    return State.parse(Item ?? { week });
  };
  const until = (now: Date) => new Date(now.getTime() + leaseSeconds * 1000).toISOString();

  return {
    stateOf: state,

    /** Closed, or being closed: a check-in that comes now would miss the count. */
    isClosed: async (week: string): Promise<boolean> => Boolean((await state(week)).closingSince),

    /**
     * Takes the lease of a week. Answers `closed` where a week that is to be counted is closed already, `open` where
     * one that is to be revised is not, and `held` where another run has it.
     */
    async claim(
      week: string,
      kind: Kind,
      { owner, run }: { owner: string; run: string },
      now: Date,
    ): Promise<Held | 'closed' | 'open' | 'held'> {
      const lease = { owner, run, until: until(now), done: 0, due: 0 };
      try {
        const { Attributes } = await db.send(
          new UpdateCommand({
            TableName: table,
            Key: stateKey(week),
            UpdateExpression: `SET lease = :lease, #week = :week${kind === 'close' ? ', closingSince = if_not_exists(closingSince, :now)' : ''}`,
            ConditionExpression: `attribute${kind === 'revise' ? '' : '_not'}_exists(closedAt) AND (attribute_not_exists(lease) OR lease.#until < :now)`,
            ExpressionAttributeNames: { '#week': 'week', '#until': 'until' },
            ExpressionAttributeValues: { ':lease': lease, ':week': week, ':now': now.toISOString() },
            // What stood there before says whether this run had begun, and is of the same moment as the claim.
            ReturnValues: 'ALL_OLD',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        const before = State.parse({ week, ...Attributes });
        return { week, owner, state: before, resumed: before.lease?.run === run };
      } catch (error) {
        if (!conditionFailed(error)) throw error;
        const { closedAt } = State.parse(itemInTheWay(error) ?? { week });
        if (kind === 'revise') return closedAt ? 'held' : 'open';
        return closedAt ? 'closed' : 'held';
      }
    },

    /** Says how far a run is and holds on to the lease. Throws where the lease has gone to another. */
    async advance({ week, owner }: Held, done: number, due: number, now: Date): Promise<void> {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: stateKey(week),
          UpdateExpression: 'SET lease.#until = :until, lease.#done = :done, lease.#due = :due',
          ConditionExpression: 'lease.#owner = :me',
          ExpressionAttributeNames: { '#until': 'until', '#done': 'done', '#due': 'due', '#owner': 'owner' },
          ExpressionAttributeValues: { ':until': until(now), ':done': done, ':due': due, ':me': owner },
        }),
      );
    },

    /** Ends a lease early so that the next attempt need not wait for it; the run's name stays, for it to resume. */
    async release({ week, owner }: Held, now: Date): Promise<void> {
      try {
        await db.send(
          new UpdateCommand({
            TableName: table,
            Key: stateKey(week),
            UpdateExpression: 'SET lease.#until = :past',
            ConditionExpression: 'lease.#owner = :me',
            ExpressionAttributeNames: { '#until': 'until', '#owner': 'owner' },
            ExpressionAttributeValues: { ':past': new Date(now.getTime() - 1000).toISOString(), ':me': owner },
          }),
        );
      } catch (error) {
        if (!conditionFailed(error)) throw error;
      }
    },

    /** The write that publishes a revision sets the week's state with it, if the lease is still held. */
    settle(
      { week, owner }: Held,
      revision: number,
      { closedAt, mendedThrough }: { closedAt?: string | undefined; mendedThrough?: string | undefined },
    ) {
      return {
        Update: {
          TableName: table,
          Key: stateKey(week),
          UpdateExpression: `SET revision = :revision${closedAt ? ', closedAt = :closedAt' : ''}${mendedThrough ? ', mendedThrough = :mended' : ''} REMOVE lease`,
          ConditionExpression: 'lease.#owner = :me',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: {
            ':revision': revision,
            ':me': owner,
            ...(closedAt ? { ':closedAt': closedAt } : {}),
            ...(mendedThrough ? { ':mended': mendedThrough } : {}),
          },
        },
      };
    },
  };
}
