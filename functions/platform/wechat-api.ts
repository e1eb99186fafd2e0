import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type WeChat, WeChatRefused } from './wechat.js';
import { callWeChat } from './wechat-call.js';

/** An official account, and where WeChat is: `https://api.weixin.qq.com` and `https://open.weixin.qq.com`, or a stand-in. */
export interface WeChatAccount {
  readonly appId: string;
  readonly appSecret: string;
  readonly apiBase: string;
  readonly openBase: string;
  /** For each call; one that meets a busy WeChat is made twice. */
  readonly timeoutMs: number;
}

const text = z.string().check(z.minLength(1));
const seconds = z.int().check(z.positive());
// The reply also holds the person's own token and refresh token; nothing here asks for more than who it was.
const userReply = z.object({ openid: text, is_snapshotuser: z.optional(z.unknown()) });
const tokenReply = z.object({ access_token: text, expires_in: seconds });
const ticketReply = z.object({ ticket: text, expires_in: seconds });
const sentReply = z.object({ msgid: text });

const busyWaitMs = 200;

/** Speaks to WeChat's servers on behalf of one official account. */
export function weChatOver({ appId, appSecret, apiBase, openBase, timeoutMs }: WeChatAccount): WeChat {
  const ask = <T extends z.ZodMiniType>(path: string, query: Record<string, string>, shape: T, body?: unknown) => {
    const address = under(apiBase, path);
    address.search = new URLSearchParams(query).toString();
    return callWeChat({ address, timeoutMs, ...(body === undefined ? {} : { body }) }, shape);
  };

  return {
    appId,

    authorizeUrl(redirectUri, state) {
      const address = under(openBase, '/connect/oauth2/authorize');
      // In this very order: WeChat matches the address against a pattern.
      const query = { appid: appId, redirect_uri: redirectUri, response_type: 'code', scope: 'snsapi_base', state };
      address.search = new URLSearchParams(query).toString();
      address.hash = 'wechat_redirect';
      return address.href;
    },

    async userOf(code) {
      const query = { appid: appId, secret: appSecret, code, grant_type: 'authorization_code' };
      const user = await againIfBusy(() => ask('/sns/oauth2/access_token', query, userReply));
      return { openid: user.openid, snapshot: Number(user.is_snapshotuser) === 1 };
    },

    async accessToken() {
      const body = { grant_type: 'client_credential', appid: appId, secret: appSecret };
      const reply = await againIfBusy(() => ask('/cgi-bin/stable_token', {}, tokenReply, body));
      return { value: reply.access_token, expiresIn: reply.expires_in };
    },

    async jsTicket(accessToken) {
      const query = { access_token: accessToken, type: 'jsapi' };
      const reply = await againIfBusy(() => ask('/cgi-bin/ticket/getticket', query, ticketReply));
      return { value: reply.ticket, expiresIn: reply.expires_in };
    },

    // Not tried again here: whoever sends keeps the message, and knows when its ten minutes are over.
    async sendTemplate(accessToken, { openid, templateId, clientMessageId, url, data }) {
      const values = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value }]));
      const body = { touser: openid, template_id: templateId, url, client_msg_id: clientMessageId, data: values };
      const reply = await ask('/cgi-bin/message/template/send', { access_token: accessToken }, sentReply, body);
      return reply.msgid;
    },
  };
}

/** A base may have a path of its own, where a gateway stands before WeChat. */
const under = (base: string, path: string) => new URL(base.replace(/\/+$/, '') + path);

/** -1 means that WeChat did nothing and says to come again; even a code is then still good. */
async function againIfBusy<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof WeChatRefused && error.errcode === -1)) throw error;
    await wait(busyWaitMs);
    return call();
  }
}
