import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type CodePurpose, codeLifeSeconds, codeTries } from '../../shared/sessions/rules.js';
import { conditionFailed } from '../database/conditions.js';
import type { Keys } from '../platform/keys.js';

/*
 * pattern                                     key                                  index
 * the code sent to a phone for a purpose      PHONE#<fingerprint> / <purpose>      –
 */
const codeKey = (fingerprint: string, purpose: CodePurpose) => ({ pk: `PHONE#${fingerprint}`, sk: purpose });

export function codeStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const seconds = (now: Date) => Math.floor(now.getTime() / 1000);
  const hash = (phone: string, purpose: CodePurpose, code: string) => keys.fingerprint('code', `${phone} ${purpose} ${code}`);
  const keyOf = (phone: string, purpose: CodePurpose) => codeKey(keys.fingerprint('phone', phone), purpose);

  return {
    /** Keeps a code for a phone, hashed; one sent before for the same purpose is void. */
    async keepCode(phone: string, purpose: CodePurpose, code: string, now: Date): Promise<void> {
      const Item = { ...keyOf(phone, purpose), codeHash: hash(phone, purpose, code), tries: 0, ttl: seconds(now) + codeLifeSeconds };
      await db.send(new PutCommand({ TableName: table, Item }));
    },

    /** Is this the code? The try is counted first and a right code goes with it, so that racing guesses gain nothing. */
    async takeCode(phone: string, purpose: CodePurpose, code: string, now: Date): Promise<boolean> {
      const Key = keyOf(phone, purpose);
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
            ExpressionAttributeValues: { ':hash': hash(phone, purpose, code) },
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
