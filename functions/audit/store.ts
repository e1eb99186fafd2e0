import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { chainStore } from './chain.js';
import { auditReader } from './reading.js';

/** The audit table: one chain of records, a day after the other. Nothing in it is ever changed. */
export function auditStore(db: DynamoDBDocumentClient, table: string, now: () => Date) {
  return { ...chainStore(db, table, now), ...auditReader(db, table) };
}
export type AuditStore = ReturnType<typeof auditStore>;
