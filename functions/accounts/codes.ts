import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { codeLifeSeconds, codeLimits, codeTries } from '../../shared/accounts/rules.js';
import { Failure } from '../../shared/http/failures.js';
import { conditionFailed } from '../database/conditions.js';
import type { Keys } from '../platform/keys.js';

/*
 * pattern                       key                                                  index
 * the code sent to a phone      PHONE#<fingerprint> / CODE                           –
 * codes asked for in a window   LIMIT#<limit>#<fingerprint> / <window>               –
 */
const codeKey = (fingerprint: string) => ({ pk: `PHONE#${fingerprint}`, sk: 'CODE' });
const limitKey = (kind: string, fingerprint: string, window: number) => ({ pk: `LIMIT#${kind}#${fingerprint}`, sk: String(window) });

export function codeStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const seconds = (now: Date) => Math.floor(now.getTime() / 1000);
  const hash = (phone: string, code: string) => keys.fingerprint('code', `${phone} ${code}`);

  return {
    /** Counts one more code asked for. Throws `too_many_codes` past the limit, with the seconds to wait. */
    async countCode(kind: keyof typeof codeLimits, value: string, now: Date): Promise<void> {
      const { most, windowSeconds } = codeLimits[kind];
      const window = Math.floor(seconds(now) / windowSeconds);
      const closesAt = (window + 1) * windowSeconds;
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: limitKey(kind, keys.fingerprint(kind === 'address' ? 'address' : 'phone', value), window),
          UpdateExpression: 'ADD asked :one SET #ttl = :ttl',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':one': 1, ':ttl': closesAt + 60 },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      if (Number(Attributes?.asked) > most) throw new Failure('too_many_codes', { retryAfterSeconds: closesAt - seconds(now) });
    },

    /** Keeps a code for a phone, hashed; one sent before is void. */
    async keepCode(phone: string, code: string, now: Date): Promise<void> {
      const expiresAt = seconds(now) + codeLifeSeconds;
      const Item = { ...codeKey(keys.fingerprint('phone', phone)), codeHash: hash(phone, code), tries: 0, ttl: expiresAt };
      await db.send(new PutCommand({ TableName: table, Item }));
    },

    /** Is this the code? The try is counted first and a right code goes with it, so that racing guesses gain nothing. */
    async takeCode(phone: string, code: string, now: Date): Promise<boolean> {
      const Key = codeKey(keys.fingerprint('phone', phone));
      const codeHash = hash(phone, code);
      try {
        await db.send(
          new UpdateCommand({
            TableName: table,
            Key,
            UpdateExpression: 'ADD tries :one',
            ConditionExpression: 'tries < :most AND #ttl > :now',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: { ':one': 1, ':most': codeTries, ':now': seconds(now) },
          }),
        );
        await db.send(
          new DeleteCommand({
            TableName: table,
            Key,
            ConditionExpression: 'codeHash = :hash',
            ExpressionAttributeValues: { ':hash': codeHash },
          }),
        );
        return true;
      } catch (error) {
        if (conditionFailed(error)) return false;
        throw error;
      }
    },
  };
}
export type CodeStore = ReturnType<typeof codeStore>;
