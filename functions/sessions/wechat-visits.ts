import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { wechatStateSeconds } from '../../shared/sessions/rules.js';
import { conditionFailed } from '../database/conditions.js';
import { type Keys, Sealed } from '../platform/keys.js';

/*
 * pattern                                                key                                index
 * a browser that was sent to WeChat                      WECHAT#<state's hash> / STATE      –
 * a WeChat user who has yet to name a phone              WECHAT#<ticket's hash> / TICKET    –
 *
 * Each works once: it is taken away by the look at it.
 */
const visitKey = (hash: string, kind: 'STATE' | 'TICKET') => ({ pk: `WECHAT#${hash}`, sk: kind });

const Visit = z.object({ browserHash: z.string(), returnTo: z.string(), ttl: z.int() });
const Ticket = z.object({ sealed: Sealed, ttl: z.int() });

export function wechatVisits(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const hash = (secret: string) => keys.fingerprint('token', secret);
  const seconds = (now: Date) => Math.floor(now.getTime() / 1000);
  const keep = (Key: ReturnType<typeof visitKey>, facts: object, now: Date) =>
    db.send(new PutCommand({ TableName: table, Item: { ...Key, ...facts, ttl: seconds(now) + wechatStateSeconds } }));
  /** Takes an item away and answers what it was, unless its time is over or it is not `bound` as it should be. */
  const take = async (Key: ReturnType<typeof visitKey>, now: Date, browserHash?: string) => {
    try {
      const { Attributes } = await db.send(
        new DeleteCommand({
          TableName: table,
          Key,
          ConditionExpression: `#ttl > :now${browserHash ? ' AND browserHash = :browser' : ''}`,
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':now': seconds(now), ...(browserHash ? { ':browser': browserHash } : {}) },
          ReturnValues: 'ALL_OLD',
        }),
      );
      return Attributes;
    } catch (error) {
      if (conditionFailed(error)) return undefined;
      throw error;
    }
  };

  return {
    /** Remembers where a browser was when it was sent away under `state`; `browser` is the secret of its cookie. */
    async sendAway(state: string, browser: string, returnTo: string, now: Date): Promise<void> {
      await keep(visitKey(hash(state), 'STATE'), { browserHash: hash(browser), returnTo }, now);
    },

    /** Where the browser was; nothing where the state is unknown, used, out of time, or another browser's. */
    async comeBack(state: string, browser: string, now: Date): Promise<string | undefined> {
      const found = await take(visitKey(hash(state), 'STATE'), now, hash(browser));
      return found && Visit.parse(found).returnTo;
    },

    /** Keeps a WeChat user for whoever holds the ticket. */
    async giveTicket(ticket: string, openid: string, now: Date): Promise<void> {
      const sealed = await keys.seal({ table: 'sessions', record: hash(ticket) }, { openid });
      await keep(visitKey(hash(ticket), 'TICKET'), { sealed }, now);
    },

    async takeTicket(ticket: string, now: Date): Promise<string | undefined> {
      const found = await take(visitKey(hash(ticket), 'TICKET'), now);
      if (!found) return undefined;
      return (await keys.open({ table: 'sessions', record: hash(ticket) }, Ticket.parse(found).sealed)).openid;
    },
  };
}
