import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

/** Every item of the tables as text, as whoever got hold of the database would read it. */
export async function everythingIn({
  db,
  tableNames,
}: {
  db: DynamoDBDocumentClient;
  tableNames: Readonly<Record<string, string>>;
}): Promise<string> {
  const found: string[] = [];
  for (const TableName of Object.values(tableNames)) {
    for (let from: Record<string, unknown> | undefined; ; ) {
      const { Items = [], LastEvaluatedKey } = await db.send(new ScanCommand({ TableName, ExclusiveStartKey: from }));
      found.push(JSON.stringify(Items, (_, value) => (value instanceof Set ? [...value] : value)));
      if (!LastEvaluatedKey) break;
      from = LastEvaluatedKey;
    }
  }
  return found.join('\n');
}
