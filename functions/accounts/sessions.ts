import { randomBytes } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { refreshGraceSeconds, sessionLifeSeconds } from '../../shared/accounts/rules.js';
import { conditionFailed, itemInTheWay } from '../database/conditions.js';
import type { Keys } from '../platform/keys.js';

/*
 * pattern       key                                  index
 * a session     SESSION#<sessionId> / SESSION        –
 *
 * A refresh token is `<sessionId>.<secret>`. Each use replaces the secret by its successor, which is computed from it:
 * two pages that present one token at the same time are given the same successor, and a reply that was lost can be
 * asked for again while the grace lasts. After that a replaced secret has been copied, and its use ends the session.
 */
const sessionKey = (sessionId: string) => ({ pk: `SESSION#${sessionId}`, sk: 'SESSION' });

const Stored = z.object({ personId: z.uuid(), tokenHash: z.string(), previousHash: z.optional(z.string()), rotatedAt: z.int() });

export function sessionStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const hash = (secret: string) => keys.fingerprint('token', secret);
  const successor = (secret: string) => keys.fingerprint('token', `after ${secret}`);
  const seconds = (now: Date) => Math.floor(now.getTime() / 1000);
  const partsOf = (token: string) => /^([0-9a-f-]{36})\.([\w-]{43})$/.exec(token)?.slice(1) as [string, string] | undefined;
  const end = (sessionId: string) => db.send(new DeleteCommand({ TableName: table, Key: sessionKey(sessionId) }));

  return {
    /** Opens a session and gives its first refresh token. */
    async openSession(sessionId: string, personId: string, now: Date): Promise<string> {
      const secret = randomBytes(32).toString('base64url');
      const at = seconds(now);
      const Item = { ...sessionKey(sessionId), personId, tokenHash: hash(secret), rotatedAt: at, ttl: at + sessionLifeSeconds };
      await db.send(new PutCommand({ TableName: table, Item }));
      return `${sessionId}.${secret}`;
    },

    /** Trades a refresh token for its successor; nothing where it does not hold. */
    async rotate(token: string, now: Date): Promise<{ personId: string; token: string } | undefined> {
      const [sessionId, secret] = partsOf(token) ?? [];
      if (!sessionId || !secret) return undefined;
      const next = successor(secret);
      const at = seconds(now);
      try {
        const { Attributes } = await db.send(
          new UpdateCommand({
            TableName: table,
            Key: sessionKey(sessionId),
            UpdateExpression: 'SET tokenHash = :next, previousHash = :presented, rotatedAt = :at, #ttl = :ttl',
            ConditionExpression: 'tokenHash = :presented AND #ttl > :at',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: { ':presented': hash(secret), ':next': hash(next), ':at': at, ':ttl': at + sessionLifeSeconds },
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { personId: Stored.parse(Attributes).personId, token: `${sessionId}.${next}` };
      } catch (error) {
        if (!conditionFailed(error)) throw error;
        const found = Stored.safeParse(itemInTheWay(error));
        if (!found.success) return undefined;
        const { personId, previousHash, rotatedAt } = found.data;
        if (previousHash === hash(secret) && at <= rotatedAt + refreshGraceSeconds) return { personId, token: `${sessionId}.${next}` };
        await end(sessionId);
        return undefined;
      }
    },

    /** Ends the session of a token, whether or not the token is its newest. */
    async endSession(token: string): Promise<void> {
      const [sessionId] = partsOf(token) ?? [];
      if (sessionId) await end(sessionId);
    },
  };
}
export type SessionStore = ReturnType<typeof sessionStore>;
