import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Use, Uses } from '../../shared/catalog.js';
import type { TableName } from '../../shared/tables.js';
import { type KeptTable, tableVariable } from './data-stack.js';
import { isInChina } from './settings.js';

const reading = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const writing = [
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

/** What the stores call, and no more. A transaction needs the actions of its parts and none of its own. */
const tableActions = {
  read: reading,
  write: [...reading, ...writing],
  scan: [...reading, 'dynamodb:Scan', ...writing],
} as const satisfies Record<Use, readonly string[]>;

/**
 * Tables to which is only ever added: whoever writes may put an item, and neither change nor delete one. What a policy
 * cannot say is that an item may not be put in another's place; the chain's hashes show that.
 */
const appendOnly: ReadonlySet<TableName> = new Set<TableName>(['audit']);
const appending = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];

/** DynamoDB uses a customer's key in the caller's name. */
const keyToRead = ['kms:Decrypt', 'kms:DescribeKey'];
const keyToWrite = [...keyToRead, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** Lets the function use the table and tells it the table's name: the one never goes without the other. */
export function grantTable(fn: LambdaFunction, { name, table, indexes, key }: KeptTable, use: Use): void {
  fn.addEnvironment(tableVariable(name), table.tableName);
  const actions = use === 'write' && appendOnly.has(name) ? appending : tableActions[use];
  fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [table.tableArn] }));
  if (indexes.length) {
    const resources = indexes.map((index) => `${table.tableArn}/index/${index}`);
    fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
  }
  grantKeyThrough(fn, key, 'dynamodb', use === 'read' ? keyToRead : keyToWrite);
}

/** The tables of a function as the catalogue names them. */
export function grantUses(fn: LambdaFunction, tables: Readonly<Record<TableName, KeptTable>>, uses: Uses): void {
  for (const [name, use] of Object.entries(uses) as [TableName, Use][]) grantTable(fn, tables[name], use);
}

/** The key is used by the service that keeps the data, never by the function itself. */
export function grantKeyThrough(fn: LambdaFunction, key: IKey, service: 'dynamodb' | 'secretsmanager', actions: readonly string[]): void {
  const stack = Stack.of(fn);
  const host = `${service}.${stack.region}.amazonaws.com`;
  // China's services call themselves by either name.
  const hosts = isInChina(stack) ? [host, `${host}.cn`] : [host];
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': hosts } },
    }),
  );
}
