import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Table, type TableName, tables } from '../../shared/tables.js';

export const localTableNames = Object.fromEntries(Object.keys(tables).map((name) => [name, `gongzhi-${name}`])) as Record<
  TableName,
  string
>;

/** The table as the catalogue describes it. */
export function tableInput(name: string, { global = {}, local = {} }: Table): CreateTableCommandInput {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const Projection = { ProjectionType: 'ALL' as const };
  const globals = Object.entries(global).map(([IndexName, { hash, range }]) => ({ IndexName, KeySchema: key(hash, range), Projection }));
  const locals = Object.entries(local).map(([IndexName, { range }]) => ({ IndexName, KeySchema: key('pk', range), Projection }));
  const attributes = new Set([
    'pk',
    'sk',
    ...[...globals, ...locals].flatMap(({ KeySchema }) => KeySchema.map((part) => part.AttributeName)),
  ]);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: key('pk', 'sk'),
    ...(globals.length ? { GlobalSecondaryIndexes: globals } : {}),
    ...(locals.length ? { LocalSecondaryIndexes: locals } : {}),
  };
}

/** Creates the tables that are missing and waits until each can be used. */
export async function createTables(db: DynamoDBDocumentClient): Promise<void> {
  for (const [name, table] of Object.entries(tables) as [TableName, Table][]) {
    const TableName = localTableNames[name];
    try {
      await db.send(new CreateTableCommand(tableInput(TableName, table)));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    while (!(await isActive(db, TableName))) await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function isActive(db: DynamoDBDocumentClient, TableName: string): Promise<boolean> {
  try {
    return (await db.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus === 'ACTIVE';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
