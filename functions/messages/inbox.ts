import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import { LanguageChoice } from '../../shared/messages/contract.js';
import { channelChoices } from '../../shared/messages/rules.js';
import { addDays } from '../../shared/time/day.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf, pageOf } from '../database/queries.js';
import { choiceKey, keptDays, messageKey, messageOf, messagesFrom, partition } from './message.js';

const Choice = z.object({ channels: z.enum(channelChoices), language: LanguageChoice });
/** Where and in which language a person is sent messages. */
export type Choice = z.output<typeof Choice>;
/** Until a person chooses: everybody has a phone here. */
const usual: Choice = { channels: 'sms', language: 'zh-CN' };

/** A person's side of the messages: what they were sent, and where they want to be sent it. */
export function inboxStore(db: DynamoDBDocumentClient, table: string) {
  return {
    /** A person's messages of the last 180 days, newest first. */
    async messagesOf(personId: string, now: Date, limit: number, cursor: string | undefined) {
      const [createdAt, messageId] = placeOf(cursor, /^[\dT:.-]+Z [0-9a-f-]{36}$/)?.split(' ') ?? [];
      const oldest = addDays(now.toISOString().slice(0, 10), -keptDays);
      // DynamoDB takes no place outside what it is asked for.
      if (createdAt && createdAt < oldest) throw new Failure('invalid_cursor');
      const query = {
        TableName: table,
        ConsistentRead: true,
        ScanIndexForward: false,
        KeyConditionExpression: 'pk = :person AND sk BETWEEN :oldest AND :end',
        ExpressionAttributeValues: {
          ':person': partition(personId),
          // What is older only waits for its deletion.
          ':oldest': messagesFrom(oldest),
          ':end': messagesFrom('~'),
        },
        ...(createdAt && messageId ? { ExclusiveStartKey: messageKey({ personId, createdAt, messageId }) } : {}),
      };
      const { items, more } = await pageOf(db, query, limit);
      const messages = items.map(messageOf);
      const last = messages.at(-1);
      return { messages, nextCursor: more && last ? cursorOf(`${last.createdAt} ${last.messageId}`) : null };
    },

    async choiceOf(personId: string): Promise<Choice> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: choiceKey(personId), ConsistentRead: true }));
      return Item ? Choice.parse(Item) : usual;
    },

    async keepChoice(personId: string, choice: Choice): Promise<void> {
      await db.send(new PutCommand({ TableName: table, Item: { ...choiceKey(personId), ...choice } }));
    },

    /** Forgets all that is kept of a person here, their choice too. A sender that holds a message does not bring it back. */
    async eraseAll(personId: string): Promise<void> {
      const items = await allOf(db, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :person',
        ExpressionAttributeValues: { ':person': partition(personId) },
        ProjectionExpression: 'pk, sk',
      });
      for (const Key of items) await db.send(new DeleteCommand({ TableName: table, Key }));
    },
  };
}
