import { held } from './held.js';
import { open, session, takeUp } from './session.js';

/** In WeChat's own browser nobody has to be asked twice which account is meant. */
export const inWeChat = /MicroMessenger/i.test(navigator.userAgent);

/** Where a sign-in by WeChat stands: a phone has yet to be linked, or why it failed. It is over once somebody is signed in. */
export const byWeChat = held<string | undefined>(undefined);
session.subscribe(() => {
  if (session.get().state === 'in') byWeChat.set(undefined);
});

/** The way to WeChat and back to a place of ours. A place too odd to be taken along is left at its page. */
export function wayToWeChat({ pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>): string {
  const place = `${pathname}${search}${hash}`;
  return `/v1/sign-in/wechat?returnTo=${encodeURIComponent(place.length > 500 || place.includes('\\') ? pathname : place)}`;
}

/** What the service says in the address when WeChat sends a browser back: `in`, `link`, or why not; and the address without it. */
export function wordIn(href: string): { readonly word: string | undefined; readonly place: string } {
  const { pathname, searchParams, hash } = new URL(href);
  const word = searchParams.get('wechat') ?? undefined;
  searchParams.delete('wechat');
  const search = searchParams.toString();
  return { word, place: `${pathname}${search && `?${search}`}${hash}` };
}

/** Takes up the session of this browser, whichever way the reader comes. */
export async function arrive(): Promise<void> {
  const { word, place } = wordIn(location.href);
  if (word === undefined) return open();
  history.replaceState(history.state, '', place);
  if (word !== 'in') {
    byWeChat.set(word);
    return open();
  }
  await takeUp();
  if (session.get().state === 'out') byWeChat.set('wechat_state_unknown'); // the cookie did not stay
}
