import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type Keys, Sealed } from '../platform/keys.js';
import { type WeChat, WeChatRefused, type WeChatToken } from '../platform/wechat.js';

/*
 * pattern                                       key                       index
 * the account's token, and the JS-SDK's ticket  WECHAT / <token|ticket>   –
 *
 * WeChat counts how often it is asked for either: one is asked for when the last has nearly run out, and shared.
 */
const tokenKey = (what: 'token' | 'ticket') => ({ pk: 'WECHAT', sk: what });
const Stored = z.object({ sealed: Sealed, ttl: z.int() });

/** Renewed while it still works: whoever took it a moment ago can finish. */
const earlySeconds = 300;

export function wechatTokens(
  db: DynamoDBDocumentClient,
  table: string,
  { keys, wechat, now }: { readonly keys: Keys; readonly wechat: WeChat; readonly now: () => Date },
) {
  const of = (what: 'token' | 'ticket') => ({ table: 'messages', record: what });
  const remembered = async (what: 'token' | 'ticket', renew: () => Promise<WeChatToken>, fresh: boolean): Promise<string> => {
    const at = Math.floor(now().getTime() / 1000);
    const { Item } = fresh ? { Item: undefined } : await db.send(new GetCommand({ TableName: table, Key: tokenKey(what) }));
    const found = Item && Stored.parse(Item);
    if (found && found.ttl > at) return (await keys.open(of(what), found.sealed)).value ?? '';
    const { value, expiresIn } = await renew();
    const Kept = { ...tokenKey(what), sealed: await keys.seal(of(what), { value }), ttl: at + Math.max(expiresIn - earlySeconds, 60) };
    await db.send(new PutCommand({ TableName: table, Item: Kept }));
    return value;
  };
  const accessToken = ({ fresh = false } = {}) => remembered('token', () => wechat.accessToken(), fresh);
  return {
    accessToken,
    jsTicket: () =>
      remembered(
        'ticket',
        async () => {
          try {
            return await wechat.jsTicket(await accessToken());
          } catch (error) {
            // The token's life is WeChat's to end: another server of ours may have asked for a new one.
            if (!(error instanceof WeChatRefused && error.reason === 'token_invalid')) throw error;
            return wechat.jsTicket(await accessToken({ fresh: true }));
          }
        },
        false,
      ),
  };
}
