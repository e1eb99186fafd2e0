import { randomBytes } from 'node:crypto';
import { type Handlers, Reply, type RequestFacts } from '../../shared/http/contract.js';
import { Failure, type FailureCode } from '../../shared/http/failures.js';
import type { sessionsContract } from '../../shared/sessions/contract.js';
import { wechatStateSeconds } from '../../shared/sessions/rules.js';
import { plainCommit } from '../database/writes.js';
import { phoneOf } from '../platform/phone.js';
import { type WeChat, WeChatRefused } from '../platform/wechat.js';
import { jsSdkSignature } from '../platform/wechat-signature.js';
import { openFor, personOfPhone, type SessionsDeps, sessionCookie, signedIn } from './signing-in.js';

type Routes = 'GET /v1/sign-in/wechat' | 'GET /v1/sign-in/wechat/callback' | 'POST /v1/sign-in/wechat/link' | 'GET /v1/wechat/signature';

const callbackPath = '/v1/sign-in/wechat/callback';
/** Binds a state to the browser that was sent away. Lax, since the browser comes back from WeChat's site. */
const visitCookie = 'gongzhi_wechat';
/** Holds the ticket of a WeChat user without a phone yet. */
const ticketCookie = 'gongzhi_wechat_link';
/** In hex, since WeChat promises to bring back letters and digits alone. */
const secret = () => randomBytes(24).toString('hex');

export const wechatHandlers: Pick<Handlers<typeof sessionsContract, SessionsDeps>, Routes> = {
  async 'GET /v1/sign-in/wechat'({ query: { returnTo }, request }, deps) {
    const { sessions, wechat, now, secureCookies } = deps;
    if (!wechat && request.navigates) return new Reply(undefined, { location: withWord(returnTo, 'wechat_not_set_up') });
    if (!wechat) throw new Failure('wechat_not_set_up');
    const [state, browser] = [secret(), secret()];
    await sessions.sendAway(state, browser, returnTo, now());
    return new Reply(undefined, {
      location: wechat.authorizeUrl(`${request.origin}${callbackPath}`, state),
      cookies: [cookie(visitCookie, browser, 'Lax', secureCookies)],
    });
  },

  async 'GET /v1/sign-in/wechat/callback'({ query: { code, state }, request }, deps) {
    const { sessions, people, now, secureCookies } = deps;
    const forgotten = cookie(visitCookie, '', 'Lax', secureCookies);
    const returnTo = await sessions.comeBack(state, request.cookies[visitCookie] ?? '', now());
    const landing = (said: string) => new Reply(undefined, { location: withWord(returnTo ?? '/', said), cookies: [forgotten] });
    try {
      if (!returnTo) throw new Failure('wechat_state_unknown');
      const openid = await openidOf(code, setUp(deps));
      const person = await people.personByOpenid(openid);
      if (person) {
        const { token } = await openFor(person.personId, 'wechat', request, deps);
        return new Reply(undefined, { location: withWord(returnTo, 'in'), cookies: [sessionCookie(token, secureCookies), forgotten] });
      }
      const ticket = secret();
      await sessions.giveTicket(ticket, openid, now());
      return new Reply(undefined, {
        location: withWord(returnTo, 'link'),
        cookies: [cookie(ticketCookie, ticket, 'Strict', secureCookies), forgotten],
      });
    } catch (error) {
      // A browser lands on a page that says what went wrong; a program is told as always.
      if (error instanceof Failure && request.navigates) return landing(error.code);
      throw error;
    }
  },

  async 'POST /v1/sign-in/wechat/link'({ body, request }, deps) {
    const { sessions, people, tellOfLink, now } = deps;
    const phone = phoneOf(body.phone);
    const ticket = request.cookies[ticketCookie] ?? '';
    if (!ticket) throw new Failure('wechat_link_expired');
    if (!(await sessions.takeCode(phone, 'sign_in', body.code, now()))) throw new Failure('code_wrong');
    const openid = await sessions.takeTicket(ticket, now());
    if (!openid) throw new Failure('wechat_link_expired');
    const linked = await people.personByOpenid(openid);
    if (linked && linked.phone !== phone) throw new Failure('wechat_taken');
    const { personId } = await personOfPhone(phone, deps);
    await people.change(
      personId,
      (person) => {
        if (!person) throw new Failure('wechat_link_expired');
        // Who holds the phone has taken up another WeChat account: the old one leads here no longer.
        return { ...person, openid };
      },
      (_, before) => (writes) => plainCommit(deps.db)([...writes, ...(before?.openid === openid ? [] : [tellOfLink(personId)])]),
    );
    const { body: reply, more } = await signedIn(await openFor(personId, 'wechat', request, deps), deps);
    return new Reply(reply, { cookies: [...(more.cookies ?? []), cookie(ticketCookie, '', 'Strict', deps.secureCookies)] });
  },

  async 'GET /v1/wechat/signature'({ query: { url }, request }, deps) {
    const { jsTicket, now } = deps;
    const { appId } = setUp(deps);
    if (!isOurs(url, request)) throw new Failure('not_our_page');
    const ticket = await unlessUnavailable(jsTicket());
    const [nonceStr, timestamp] = [randomBytes(8).toString('hex'), Math.floor(now().getTime() / 1000)];
    return { appId, timestamp, nonceStr, signature: jsSdkSignature({ ticket, nonce: nonceStr, timestamp, url }) };
  },
};

function setUp({ wechat }: SessionsDeps): WeChat {
  if (!wechat) throw new Failure('wechat_not_set_up');
  return wechat;
}

/** The user of a code. Who declines at WeChat comes back without one. */
async function openidOf(code: string | undefined, wechat: WeChat): Promise<string> {
  if (!code) throw new Failure('wechat_code_refused');
  const { openid, snapshot } = await unlessUnavailable(wechat.userOf(code));
  if (snapshot) throw new Failure('wechat_snapshot_user');
  return openid;
}

async function unlessUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof WeChatRefused)) throw error;
    const codes: Partial<Record<WeChatRefused['reason'], FailureCode>> = {
      code_used: 'wechat_code_refused',
      code_invalid: 'wechat_code_refused',
    };
    throw new Failure(codes[error.reason] ?? 'wechat_unavailable');
  }
}

/** Only our own pages are signed: whoever may sign a page may use WeChat's functions in our name. */
function isOurs(url: string, { origin }: RequestFacts): boolean {
  return URL.canParse(url) && new URL(url).origin === origin && !/[\s\\]/.test(url) && new URL(url).username === '';
}

/** The place come back to, with a word for the page in its query: the fragment is the page's own. */
function withWord(returnTo: string, word: string): string {
  const [before = '/', ...fragment] = returnTo.split('#');
  return `${before}${before.includes('?') ? '&' : '?'}wechat=${word}${fragment.length ? `#${fragment.join('#')}` : ''}`;
}

function cookie(name: string, value: string, sameSite: 'Lax' | 'Strict', secure: boolean): string {
  const maxAge = value ? wechatStateSeconds : 0;
  return `${name}=${value}; Path=/v1/sign-in/wechat; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;
}
