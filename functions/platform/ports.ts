import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../shared/catalog.js';
import type { Keys } from './keys.js';
import type { Messages } from './messages.js';

/** What a job needs: the data, the clock, and names for new things. No key, so that it can neither sign nor open anything. */
export interface DataPorts {
  readonly db: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** What a service needs of the world around it: `aws.ts` gives it on Lambda, the local mode on a laptop, tests as they please. */
export interface Ports extends DataPorts {
  readonly keys: Keys;
  readonly messages: Messages;
  /** Whether the pages are served over TLS: cookies are then marked Secure. */
  readonly secureCookies: boolean;
}
