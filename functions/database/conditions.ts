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

/** Reasons to look again and try once more: somebody else was there first, or the database is busy. */
const passing = ['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/**
 * Which writes of a transaction had a condition that does not hold, by position, if the transaction failed for reasons
 * that may pass. Nothing where it failed for another one: to try it again would only fail again.
 */
export function cancelled(error: unknown): { failed: number[] } | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const codes = (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code);
  if (!codes.every((code) => passing.includes(code))) return undefined;
  return { failed: codes.flatMap((code, i) => (code === 'ConditionalCheckFailed' ? [i] : [])) };
}
