import { CfnOutput, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { type TableName, type Table as TableShape, tables } from '../../shared/catalog.js';

/** A table as it was made, with what a grant must name: its indexes and its key. */
export interface KeptTable {
  readonly name: TableName;
  readonly table: Table;
  readonly indexes: readonly string[];
  readonly key: Key;
}

/** What the city keeps. It outlives every deployment of the service, and the stack itself. */
export class DataStack extends Stack {
  readonly key: Key;
  readonly masterSecret: Secret;
  readonly tables: Readonly<Record<TableName, KeptTable>>;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.key = new Key(this, 'Key', {
      description: 'Gongzhi: the tables and the master secret',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    const entries = Object.entries(tables) as [TableName, TableShape][];
    this.tables = Object.fromEntries(entries.map(([name, shape]) => [name, this.keep(name, shape)])) as Record<TableName, KeptTable>;

    this.masterSecret = new Secret(this, 'MasterSecret', {
      description: 'Gongzhi: every key of the service is derived from this one; losing it loses every sealed name and phone',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      encryptionKey: this.key,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.masterSecret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Names and phones are sealed under keys derived from this secret: a rotation by the clock would make them unreadable.',
    });

    // What `npm run first-bureau` asks for, to make the first account of a new deployment.
    new CfnOutput(this, 'AccountsTableName', { value: this.tables.accounts.table.tableName });
    new CfnOutput(this, 'MasterSecretArn', { value: this.masterSecret.secretArn });
  }

  private keep(name: TableName, { global = {}, local = {} }: TableShape): KeptTable {
    const text = (attribute: string) => ({ name: attribute, type: AttributeType.STRING });
    // AWS::DynamoDB::Table: the newer construct makes a global table, which nobody here needs.
    const table = new Table(this, capitalised(name), {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const [indexName, { hash, range }] of Object.entries(global)) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: text(hash),
        sortKey: text(range),
        projectionType: ProjectionType.ALL,
      });
    }
    for (const [indexName, { range }] of Object.entries(local)) {
      table.addLocalSecondaryIndex({ indexName, sortKey: text(range), projectionType: ProjectionType.ALL });
    }
    return { name, table, indexes: [...Object.keys(global), ...Object.keys(local)], key: this.key };
  }
}

export const capitalised = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
