import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../shared/catalog.js';
import type { Keys } from './keys.js';
import type { Messages } from './messages.js';

/** What a service needs of the world around it: `aws.ts` gives it on Lambda, the local mode on a laptop, tests as they please. */
export interface Ports {
  readonly db: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly keys: Keys;
  readonly messages: Messages;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Whether the pages are served over TLS: cookies are then marked Secure. */
  readonly secureCookies: boolean;
}
