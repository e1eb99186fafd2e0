import * as z from 'zod/mini';
import { faultOf, openingOf, wayBack } from './authorise.js';
import { codeBook } from './codes.js';
import { choosePage, faultPage } from './pages.js';
import { type Reply, refused } from './replies.js';
import { type Delivered, templatePost } from './templates.js';
import { tokenMint } from './tokens.js';
import type { Route } from './web.js';

interface Account {
  readonly appId: string;
  readonly appSecret: string;
  readonly now: () => Date;
  readonly onTemplate: (message: Delivered) => void;
}

const choosing = '/stand-in/choose';
const stableTokenBody = z.object({ grant_type: z.string(), appid: z.string(), secret: z.string() });
const busyBody = z.object({ times: z.int().check(z.nonnegative()) });

/** What WeChat answers at each of its addresses, and what an operator may change about it. */
export function answers({ appId, appSecret, now, onTemplate }: Account) {
  const codes = codeBook(appId, now);
  const tokens = tokenMint(appSecret, now);
  const templates = templatePost(appId, now, onTemplate);
  let busy = 0;
  const setBusy = (times: number) => {
    busy = times;
  };

  /** The account's own name and secret, as a call gives them. */
  const accountFault = (appid: unknown, secret: unknown) =>
    appid !== appId ? refused(40013) : secret !== appSecret ? refused(40125) : undefined;
  const api =
    (reply: (query: URLSearchParams, body: unknown) => Reply): Route =>
    (query, body) => {
      if (busy === 0) return { json: reply(query, body) };
      busy -= 1;
      return { json: refused(-1) };
    };
  const withToken = (reply: (query: URLSearchParams, body: unknown) => Reply) =>
    api((query, body) => tokens.faultOf(query.get('access_token') ?? '') ?? reply(query, body));
  const authorised =
    (route: (query: URLSearchParams) => ReturnType<Route>): Route =>
    (query) => {
      const fault = faultOf(query, appId);
      return fault ? { html: faultPage(fault), status: 400 } : route(query);
    };

  const routes = new Map<string, Route>([
    ['GET /connect/oauth2/authorize', authorised((query) => ({ html: choosePage(query, choosing) }))],
    [
      `GET ${choosing}`,
      authorised((query) => {
        const opening = openingOf(query);
        if (!opening) return { html: choosePage(query, choosing), status: 400 };
        if ('user' in opening) templates.met(opening.user);
        return { to: wayBack(query, codes.issue(opening)) };
      }),
    ],
    [
      'GET /sns/oauth2/access_token',
      api((query) => {
        const fault = accountFault(query.get('appid'), query.get('secret'));
        if (fault) return fault;
        return query.get('grant_type') === 'authorization_code' ? codes.exchange(query.get('code') ?? '') : refused(40002);
      }),
    ],
    [
      'POST /cgi-bin/stable_token',
      api((_, body) => {
        const { data: asked } = stableTokenBody.safeParse(body);
        if (!asked) return refused(47001);
        if (asked.grant_type !== 'client_credential') return refused(40002);
        return accountFault(asked.appid, asked.secret) ?? tokens.stable();
      }),
    ],
    ['GET /cgi-bin/ticket/getticket', withToken((query) => (query.get('type') === 'jsapi' ? tokens.ticket() : refused(40097)))],
    ['POST /cgi-bin/message/template/send', withToken((_, body) => templates.send(body))],
    [
      'POST /stand-in/busy',
      (_, body) => {
        const { data: asked } = busyBody.safeParse(body);
        if (!asked) return { json: refused(47001) };
        setBusy(asked.times);
        return { json: { errcode: 0, errmsg: 'ok' } };
      },
    ],
  ]);
  return { routes, setBusy, setFollowing: templates.setFollowing };
}
