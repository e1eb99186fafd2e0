import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Keys } from '../platform/keys.js';
import { consentStore } from './consents.js';
import { revealStore } from './reveals.js';

/** The privacy table: who agreed to what, and what is revealed right now. */
export function privacyStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  return { ...consentStore(db, table, keys), ...revealStore(db, table) };
}
export type PrivacyStore = ReturnType<typeof privacyStore>;
