import { type DynamoDBDocumentClient, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** One write of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Carries writes out together. A store makes the writes; whoever calls it may pass a commit that adds to them what
 * belongs to the same change: its audit record, the message that tells of it. Positions of the given writes stay.
 */
export type Commit = (writes: readonly Write[]) => Promise<void>;

export const plainCommit =
  (db: DynamoDBDocumentClient): Commit =>
  async (writes) => {
    await db.send(new TransactWriteCommand({ TransactItems: [...writes] }));
  };
