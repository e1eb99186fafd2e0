import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Keys } from '../platform/keys.js';
import { certificateStore } from './certificates.js';
import { consentStore } from './consents.js';
import { revealStore } from './reveals.js';

/** The privacy table: who agreed to what, what is revealed right now, and what was purged. */
export function privacyStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  return { ...consentStore(db, table, keys), ...revealStore(db, table), ...certificateStore(db, table, keys) };
}
export type PrivacyStore = ReturnType<typeof privacyStore>;
