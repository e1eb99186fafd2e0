import { setTimeout as wait } from 'node:timers/promises';
import { BatchGetCommand, BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './queries.js';

/** The database leaves part of a batch undone when it is busy: that part is sent again, each time a little later. */
const mostTries = 8;
const pause = (tries: number) => wait(Math.min(50 * 2 ** tries, 2_000) * Math.random());

/** Writes items in batches of 25. Each item is written or the call throws; it is not a transaction. */
export const putAll = (db: DynamoDBDocumentClient, table: string, items: readonly Item[]) =>
  writeAll(
    db,
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );

type Requests = NonNullable<BatchWriteCommand['input']['RequestItems']>[string];

async function writeAll(db: DynamoDBDocumentClient, table: string, requests: Requests): Promise<void> {
  for (let i = 0; i < requests.length; i += 25) {
    let left: Parameters<typeof sendWrites>[1] = { [table]: requests.slice(i, i + 25) };
    for (let tries = 0; Object.keys(left).length > 0; tries++) {
      if (tries === mostTries) throw new Error(`${table}: the database left items unwritten`);
      if (tries > 0) await pause(tries);
      left = await sendWrites(db, left);
    }
  }
}

async function sendWrites(db: DynamoDBDocumentClient, requests: NonNullable<BatchWriteCommand['input']['RequestItems']>) {
  const { UnprocessedItems = {} } = await db.send(new BatchWriteCommand({ RequestItems: requests }));
  return UnprocessedItems;
}

/** Reads up to 100 items by key; those that do not exist are missing from the answer. */
export async function getAll(
  db: DynamoDBDocumentClient,
  table: string,
  keys: readonly Item[],
  { consistent }: { consistent: boolean },
): Promise<Item[]> {
  const found: Item[] = [];
  let left: NonNullable<BatchGetCommand['input']['RequestItems']> = keys.length
    ? { [table]: { Keys: [...keys], ConsistentRead: consistent } }
    : {};
  for (let tries = 0; Object.keys(left).length > 0; tries++) {
    if (tries === mostTries) throw new Error(`${table}: the database left keys unread`);
    if (tries > 0) await pause(tries);
    const { Responses = {}, UnprocessedKeys = {} } = await db.send(new BatchGetCommand({ RequestItems: left }));
    found.push(...(Responses[table] ?? []));
    left = UnprocessedKeys;
  }
  return found;
}
