import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registerStore } from './register.js';
import { siteStore } from './sites.js';
import { tenureStore } from './tenures.js';

/** The places table: sites with their managers, and the register of each site's households. */
export function placesStore(db: DynamoDBDocumentClient, table: string) {
  return { ...siteStore(db, table), ...tenureStore(db, table), ...registerStore(db, table) };
}
export type PlacesStore = ReturnType<typeof placesStore>;
