import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../shared/tables.js';
import type { Keys } from './keys.js';
import type { Messages } from './messages.js';
import type { Tokens } from './tokens.js';
import type { WeChat } from './wechat.js';

/** What a job that counts needs: the data, the clock, and names for new things. No key, so that it can open nothing. */
export interface DataPorts {
  readonly db: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** What a function that answers people needs to know who calls. */
export interface AnsweringPorts extends DataPorts {
  readonly tokens: Tokens;
  /** What an address is counted under, without being kept. */
  readonly hashOfAddress: (address: string) => string;
  /** Where the pages are reached, where that is not the name the gateway is called by. */
  readonly publicOrigin?: string | undefined;
  /** Whether the pages are served over TLS: cookies are then marked Secure. */
  readonly secureCookies: boolean;
}

/** What opens personal fields. */
export interface KeyPorts {
  readonly keys: Keys;
}

/** What reaches people. */
export interface OutsidePorts {
  readonly messages: Messages;
  /** Missing where no official account is set up. */
  readonly wechat?: WeChat | undefined;
}

/** Everything: the local mode has it, and each function of AWS its part. */
export interface Ports extends AnsweringPorts, KeyPorts, OutsidePorts {}
