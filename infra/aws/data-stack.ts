import { CfnOutput, RemovalPolicy, SecretValue, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { domains } from '../../shared/catalog.js';
import { type TableName, type Table as TableShape, tables } from '../../shared/tables.js';
import type { KeySettings } from './key-settings.js';

/** A table as it was made, with what a grant must name: its indexes and its key. */
export interface KeptTable {
  readonly name: TableName;
  readonly table: Table;
  readonly indexes: readonly string[];
  readonly key: Key;
}

/** A key that signs access tokens, with the time from which it does. */
export interface KeptSigningKey {
  readonly key: Key;
  readonly signsFrom: string;
}

/** What the city keeps. It outlives every deployment of the service, and the stack itself. */
export class DataStack extends Stack {
  /** Guards the tables and the secrets. */
  readonly key: Key;
  readonly tables: Readonly<Record<TableName, KeptTable>>;
  /** Those in use: to come, signing, and until their last token has run out. */
  readonly signingKeys: readonly KeptSigningKey[];
  readonly personalKey: Key;
  /** They open what was sealed under them, until it is wrapped anew. */
  readonly formerPersonalKeyArns: readonly string[];
  readonly lookUpSecret: Secret;
  readonly outsideSecret: Secret;

  constructor(scope: Construct, id: string, { keys, ...props }: StackProps & { readonly keys: KeySettings }) {
    super(scope, id, props);
    this.key = new Key(this, 'Key', {
      description: 'Gongzhi: the tables and the secrets',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const entries = Object.entries(tables) as [TableName, TableShape][];
    this.tables = Object.fromEntries(entries.map(([name, shape]) => [name, this.keep(name, shape)])) as Record<TableName, KeptTable>;

    this.signingKeys = keys.signingKeys.flatMap(({ name, signsFrom, retired }) => {
      const key = this.signingKey(name);
      return retired ? [] : [{ key, signsFrom }];
    });
    const personal = keys.personalKeys.map((name) => this.sealingKey(name));
    this.personalKey = personal.at(-1) as Key;
    this.formerPersonalKeyArns = [...personal.slice(0, -1).map(({ keyArn }) => keyArn), ...keys.formerPersonalKeys];

    this.lookUpSecret = this.secret('LookUpSecret', {
      description: 'Gongzhi: people are looked up by hashes keyed by this; without it nobody finds their account again',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      neverRotated: 'People are found by hashes keyed by this secret: a rotation by the clock would lose every look-up.',
    });
    this.outsideSecret = this.secret('OutsideSecret', {
      description:
        'Gongzhi: the accounts at WeChat and Tencent SMS, the WeCom robot, and whether SNS sends: JSON as functions/platform/aws-outside.ts reads it. ' +
        'Created empty; fill it in by aws secretsmanager put-secret-value. Functions read it when they start.',
      secretStringValue: SecretValue.unsafePlainText('{}'),
      neverRotated: 'WeChat, Tencent and WeCom issue what stands in here; it is exchanged at theirs, by hand.',
    });

    // What `npm run first-bureau` is called with, to make the first account of a new deployment.
    const used = Object.keys(domains.accounts.uses) as (keyof typeof domains.accounts.uses)[];
    const named = used.map((name) => `${tableVariable(name)}=${this.tables[name].table.tableName}`);
    const value = [...named, `PERSONAL_KEY_ARN=${this.personalKey.keyArn}`, `LOOK_UP_SECRET_ARN=${this.lookUpSecret.secretArn}`].join(' ');
    new CfnOutput(this, 'FirstBureau', { value, description: 'Put it before: npm run first-bureau -- <phone> <name>' });
  }

  private signingKey(name: string): Key {
    const key = new Key(this, `SigningKey${capitalised(name)}`, {
      description: `Gongzhi: signs access tokens (${name})`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    return this.exported(key);
  }

  private sealingKey(name: string): Key {
    const key = new Key(this, `PersonalKey${capitalised(name)}`, {
      description: `Gongzhi: wraps the data keys of personal fields (${name}); without it every sealed name and phone is lost`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    return this.exported(key);
  }

  /** Exported for as long as it is on its list: CloudFormation takes no export away that the service still uses. */
  private exported(key: Key): Key {
    this.exportValue(key.keyArn);
    return key;
  }

  private secret(name: string, { neverRotated, ...props }: SecretProps & { readonly neverRotated: string }): Secret {
    const secret = new Secret(this, name, { ...props, encryptionKey: this.key, removalPolicy: RemovalPolicy.RETAIN });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: neverRotated });
    return secret;
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

/** The variable by which a function is told the name of a table. */
export const tableVariable = (name: TableName): string => `TABLE_${name.toUpperCase()}`;

export const capitalised = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
