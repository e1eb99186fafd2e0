import type * as z from 'zod/mini';
import type { ServiceContract } from '../../../shared/catalog.js';
import { createClient, Refused } from '../../../shared/http/client.js';
import type { SignedIn as SignedInSchema } from '../../../shared/sessions/contract.js';
import { held } from './held.js';
import { forget, keep, kept } from './keep.js';
import { language } from './preferences.js';

type SignedIn = z.output<typeof SignedInSchema>;
export type Person = SignedIn['person'];

/** `ended` is signed out by the service, which deserves a word; `unreachable` is not knowing. */
export type Session = { readonly state: 'opening' | 'out' | 'ended' | 'unreachable' } | { readonly state: 'in'; readonly person: Person };
export const session = held<Session>({ state: 'opening' });

/** The access token lives in memory alone; the refresh token in a cookie that no script can read. */
let access: { readonly token: string; readonly expiresAt: number; readonly takenAt: number } | undefined;

/** Whether there may be a cookie, so that a first visit does not ask for a session that cannot be. */
const visitedKey = 'gongzhi.visited';
const anonymous = createClient<ServiceContract>({ language: language.get });

/** A second page of this browser learns that somebody signed in or out. */
const pages = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('gongzhi.session');
pages?.addEventListener('message', ({ data }: MessageEvent<'in' | 'out'>) => {
  if (data === 'out') forgetMe();
  else void open();
});

export const askForCode = (phone: string) => anonymous('POST /v1/sign-in/codes', { body: { phone } });

/** By the code of a phone; `link` gives that phone to the WeChat user who has just come back. */
export async function signIn(phone: string, code: string, { link = false } = {}): Promise<void> {
  take(await anonymous(link ? 'POST /v1/sign-in/wechat/link' : 'POST /v1/sign-in', { body: { phone, code } }));
  pages?.postMessage('in');
}

/** The service has opened a session for this browser on the way here. */
export async function takeUp(): Promise<void> {
  keep(localStorage, visitedKey, true);
  await open();
  if (session.get().state === 'in') pages?.postMessage('in');
}

export async function signOut(): Promise<void> {
  await anonymous('DELETE /v1/session');
  forgetMe();
  pages?.postMessage('out');
}

/** Who signs out leaves nothing of the day's work on a phone that others use. A session that ends by itself keeps it. */
function forgetMe(): void {
  forget(sessionStorage, 'gongzhi.');
  leave('out');
}

/** Takes up the session of the cookie, on load and whenever another page has changed it. */
export async function open(): Promise<void> {
  if (kept(localStorage, visitedKey) !== true) return leave('out');
  try {
    await refresh();
  } catch (error) {
    // Who is at work in a cellar without signal stays signed in: the next call will tell.
    const ended = error instanceof Refused && error.problem.code === 'session_ended';
    if (!ended && session.get().state !== 'in') session.set({ state: 'unreachable' });
  }
}

/** For a clock that runs ahead, a token is never called expired within half a minute of its arrival. */
export async function accessToken(): Promise<string | undefined> {
  if (access && Date.now() > access.expiresAt - 10_000 && performance.now() - access.takenAt > 30_000) await refresh();
  return access?.token;
}

let refreshing: Promise<void> | undefined;

/** One refresh at a time, in this page and across the pages of this browser: each replaces the cookie. */
export function refresh(): Promise<void> {
  refreshing ??= renew().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function renew(): Promise<void> {
  const ask = () => anonymous('POST /v1/sign-in/refresh');
  try {
    take(await (navigator.locks ? navigator.locks.request('gongzhi.session', ask) : ask()));
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'session_ended') leave(session.get().state === 'in' ? 'ended' : 'out');
    throw error;
  }
}

function take({ accessToken: token, expiresAt, person }: SignedIn): void {
  access = { token, expiresAt: Date.parse(expiresAt), takenAt: performance.now() };
  keep(localStorage, visitedKey, true);
  session.set({ state: 'in', person });
}

function leave(state: 'out' | 'ended'): void {
  access = undefined;
  keep(localStorage, visitedKey, undefined);
  session.set({ state });
}
