import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './queries.js';

/** Did the write fail because its condition does not hold? */
export const conditionFailed = (error: unknown): error is ConditionalCheckFailedException =>
  error instanceof ConditionalCheckFailedException;

/** The item that stood in the way, where the write asked for it (`ReturnValuesOnConditionCheckFailure`). */
export function itemInTheWay(error: ConditionalCheckFailedException): Item | undefined {
  return error.Item && unmarshall(error.Item);
}

/**
 * Which writes of a transaction had a condition that does not hold, by position; nothing where it failed for another
 * reason. A transaction that met another one is told apart by `conflict`: it may be tried again.
 */
export function cancelled(error: unknown): { failed: number[]; conflict: boolean } | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  return {
    failed: codes.flatMap((code, i) => (code === 'ConditionalCheckFailed' ? [i] : [])),
    conflict: codes.includes('TransactionConflict'),
  };
}
