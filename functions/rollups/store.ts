import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { figureStore } from './figures.js';
import { weekStore } from './weeks.js';

/** The rollups table: the state of each week, and its figures by site and by level, revision by revision. */
export function rollupsStore(db: DynamoDBDocumentClient, table: string) {
  return { ...weekStore(db, table), ...figureStore(db, table) };
}
export type RollupsStore = ReturnType<typeof rollupsStore>;
