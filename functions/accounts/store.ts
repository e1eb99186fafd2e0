import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Keys } from '../platform/keys.js';
import { codeStore } from './codes.js';
import { peopleStore } from './people.js';
import { sessionStore } from './sessions.js';

/** The accounts table: people, the codes that let them in, and their sessions. */
export function accountsStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  return { ...peopleStore(db, table, keys), ...codeStore(db, table, keys), ...sessionStore(db, table, keys) };
}
export type AccountsStore = ReturnType<typeof accountsStore>;
