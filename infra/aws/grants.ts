import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { TableName, Use, Uses } from '../../shared/catalog.js';
import type { KeptTable } from './data-stack.js';
import { isInChina } from './settings.js';

/** What the stores call, and no more: a scan, for one, is in nobody's reach. */
const tableActions = {
  read: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
  write: [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
  ],
} as const satisfies Record<Use, readonly string[]>;

/** DynamoDB uses a customer's key in the caller's name. */
const tableKeyActions = {
  read: ['kms:Decrypt', 'kms:DescribeKey'],
  write: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
} as const satisfies Record<Use, readonly string[]>;

/** Lets the function use the table and tells it the table's name: the one never goes without the other. */
export function grantTable(fn: LambdaFunction, { name, table, indexes, key }: KeptTable, use: Use): void {
  fn.addEnvironment(`TABLE_${name.toUpperCase()}`, table.tableName);
  fn.addToRolePolicy(new PolicyStatement({ actions: [...tableActions[use]], resources: [table.tableArn] }));
  if (indexes.length) {
    const resources = indexes.map((index) => `${table.tableArn}/index/${index}`);
    fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
  }
  grantKey(fn, key, 'dynamodb', tableKeyActions[use]);
}

/** The tables of a function as the catalogue names them. */
export function grantUses(fn: LambdaFunction, tables: Readonly<Record<TableName, KeptTable>>, uses: Uses): void {
  for (const [name, use] of Object.entries(uses) as [TableName, Use][]) grantTable(fn, tables[name], use);
}

/** Lets the function read the secret of which it derives its keys. */
export function grantMasterSecret(fn: LambdaFunction, secret: Secret, key: IKey): void {
  fn.addEnvironment('MASTER_SECRET_ARN', secret.secretArn);
  fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }));
  grantKey(fn, key, 'secretsmanager', ['kms:Decrypt']);
}

/** The key is used by the service that keeps the data, never by the function itself. */
function grantKey(fn: LambdaFunction, key: IKey, service: 'dynamodb' | 'secretsmanager', actions: readonly string[]): void {
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
