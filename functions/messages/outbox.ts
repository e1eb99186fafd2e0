import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type MessageState, sendableAt } from '../../shared/messages/rules.js';
import { isUrgent, type KeptContent } from '../../shared/messages/templates.js';
import { conditionFailed } from '../database/conditions.js';
import { pageOf } from '../database/queries.js';
import type { Write } from '../database/writes.js';
import type { Sealed } from '../platform/keys.js';
import { Due, dueKey, keptDays, type Message, messageKey, messageOf, type Place } from './message.js';

/*
 * A message is on the index `due` from its creation until it is settled. Whoever sends it moves its time first: that is
 * the claim, and the lease. The index is read late, so a claim holds only if the time is still the one it saw. Whether a
 * killed sender's message went out is not known, and it is sent again: a message comes at least once.
 */
export const leaseSeconds = 60;

/** What a change has to say to a person. */
export type NewMessage = Place & KeptContent & { readonly sealedTo?: Sealed | undefined };
/** What became of a claimed message: settled for good, or `waiting` until `nextAt`. */
export interface Settlement {
  readonly status: MessageState;
  readonly channels: Message['channels'];
  readonly at: Date;
  readonly nextAt?: Date | undefined;
}

export function outboxStore(db: DynamoDBDocumentClient, table: string) {
  const put = ({ personId, messageId, createdAt, template, params, sealedTo }: NewMessage) => ({
    TableName: table,
    Item: {
      ...messageKey({ personId, messageId, createdAt }),
      ...{ personId, messageId, createdAt, template, params, sealedTo },
      urgent: isUrgent(template),
      status: 'waiting',
      tries: 0,
      channels: {},
      due: 'DUE',
      dueAt: dueKey(sendableAt(new Date(createdAt), isUrgent(template)), messageId),
      ttl: Math.floor(Date.parse(createdAt) / 1000) + keptDays * 86_400,
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });

  /** Changes a message on its condition; answers what it then is, or nothing. */
  const change = async (place: Place, condition: string, expression: string, values: Record<string, unknown>) => {
    try {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: messageKey(place),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ...(expression.includes('#status') ? { ExpressionAttributeNames: { '#status': 'status' } } : {}),
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes;
    } catch (error) {
      if (conditionFailed(error)) return undefined;
      throw error;
    }
  };
  const asSeen = 'dueAt = :seen';

  return {
    /** The write that belongs into the transaction of the change it tells of. */
    outboxWrite: (message: NewMessage): Write => ({ Put: put(message) }),

    /** Messages whose time has come, the longest waiting first. */
    async due(now: Date, limit: number): Promise<Due[]> {
      const query = {
        TableName: table,
        IndexName: 'due',
        KeyConditionExpression: 'due = :due AND dueAt < :later',
        // '~' sorts behind every id: what is due in this very millisecond is due.
        ExpressionAttributeValues: { ':due': 'DUE', ':later': dueKey(now, '~') },
      };
      return (await pageOf(db, query, limit)).items.map((item) => Due.parse(item));
    },

    /** Takes a message for a minute and counts the try; nothing where another sender was first or it was settled. */
    async claim(seen: Due, now: Date): Promise<Message | undefined> {
      const claimed = await change(seen, asSeen, 'SET dueAt = :lease, #status = :sending, tries = tries + :one', {
        ':seen': seen.dueAt,
        ':lease': dueKey(new Date(now.getTime() + leaseSeconds * 1000), seen.messageId),
        ':sending': 'sending',
        ':one': 1,
      });
      return claimed && messageOf(claimed);
    },

    /** Moves a message to a later time; no try is counted. */
    async postpone(seen: Due, until: Date): Promise<void> {
      await change(seen, asSeen, 'SET dueAt = :until', { ':seen': seen.dueAt, ':until': dueKey(until, seen.messageId) });
    },

    /** Records what became of a claimed message. False where the claim no longer holds: then it is another's to record. */
    async settle(claimed: Message, { status, channels, at, nextAt }: Settlement): Promise<boolean> {
      const then = nextAt
        ? { expression: 'SET #status = :status, channels = :channels, dueAt = :next', ':next': dueKey(nextAt, claimed.messageId) }
        : {
            expression: 'SET #status = :status, channels = :channels, settledAt = :at REMOVE due, dueAt, sealedTo',
            ':at': at.toISOString(),
          };
      const { expression, ...values } = then;
      const recorded = { ...values, ':seen': claimed.dueAt, ':status': status, ':channels': channels };
      return (await change(claimed, asSeen, expression, recorded)) !== undefined;
    },
  };
}
export type OutboxStore = ReturnType<typeof outboxStore>;
