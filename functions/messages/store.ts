import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inboxStore } from './inbox.js';
import { outboxStore } from './outbox.js';

/** The messages table: the outbox that the sender empties, and each person's view of it. No name or code is in it, and no phone but a sealed one of nobody’s. */
export function messagesStore(db: DynamoDBDocumentClient, table: string) {
  return { ...outboxStore(db, table), ...inboxStore(db, table) };
}
export type MessagesStore = ReturnType<typeof messagesStore>;
