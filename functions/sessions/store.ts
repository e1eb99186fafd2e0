import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Keys } from '../platform/keys.js';
import { codeStore } from './codes.js';
import { signInStore } from './sign-ins.js';
import { wechatVisits } from './wechat-visits.js';

/** The sessions table: who is signed in, the codes that let people in, and their way through WeChat. */
export function sessionsStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  return { ...signInStore(db, table, keys), ...codeStore(db, table, keys), ...wechatVisits(db, table, keys) };
}
export type SessionsStore = ReturnType<typeof sessionsStore>;
