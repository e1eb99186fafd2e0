import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

export type Item = Record<string, unknown>;

/** Every item of a query, page after page. */
export async function* itemsOf(db: DynamoDBDocumentClient, query: QueryCommandInput): AsyncGenerator<Item> {
  let from = query.ExclusiveStartKey;
  do {
    const { Items = [], LastEvaluatedKey } = await db.send(new QueryCommand({ ...query, ExclusiveStartKey: from }));
    yield* Items;
    from = LastEvaluatedKey;
  } while (from);
}

export async function allOf(db: DynamoDBDocumentClient, query: QueryCommandInput): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOf(db, query)) items.push(item);
  return items;
}

/** One page of a list: its items, and whether more follow. Reads one item past the limit, and as many pages as a filter needs. */
export async function pageOf(
  db: DynamoDBDocumentClient,
  query: QueryCommandInput,
  limit: number,
): Promise<{ items: Item[]; more: boolean }> {
  const items: Item[] = [];
  for await (const item of itemsOf(db, { ...query, Limit: limit + 1 })) {
    if (items.length === limit) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}
