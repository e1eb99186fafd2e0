import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Limit } from '../../shared/http/contract.js';
import { Failure, type FailureCode } from '../../shared/http/failures.js';

/*
 * pattern                          key                          index
 * calls counted in a window        LIMIT#<of> / <window>        –
 *
 * One write a call. The counter goes away by its ttl once the window is over.
 */
const limitKey = (of: string, window: number) => ({ pk: `LIMIT#${of}`, sk: String(window) });

/** Counts one more of something in its window, and says how many that makes and when the window closes. */
export function limitCounter(db: DynamoDBDocumentClient, table: string) {
  return async (of: string, { windowSeconds }: Limit, now: Date): Promise<{ count: number; closesInSeconds: number }> => {
    const at = Math.floor(now.getTime() / 1000);
    const window = Math.floor(at / windowSeconds);
    const closesAt = (window + 1) * windowSeconds;
    const { Attributes } = await db.send(
      new UpdateCommand({
        TableName: table,
        Key: limitKey(of, window),
        UpdateExpression: 'ADD asked :one SET #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':one': 1, ':ttl': closesAt + 60 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return { count: Number(Attributes?.asked), closesInSeconds: closesAt - at };
  };
}
export type LimitCounter = ReturnType<typeof limitCounter>;

/** Counts, and refuses past the limit with the seconds to wait. `of` names what is counted and holds nothing personal. */
export async function mustStayWithin(
  count: LimitCounter,
  of: string,
  limit: Limit,
  now: Date,
  code: FailureCode = 'too_many_requests',
): Promise<void> {
  const counted = await count(of, limit, now);
  if (counted.count > limit.most) throw new Failure(code, { retryAfterSeconds: counted.closesInSeconds });
}
