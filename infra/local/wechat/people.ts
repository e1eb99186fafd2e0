import { createHash } from 'node:crypto';

interface Person {
  readonly name: string;
  readonly follows: boolean;
}

/** The invented WeChat users the authorise page offers; any other may be typed in, and follows. */
export const people: readonly Person[] = [
  { name: '小鹿', follows: true },
  { name: '阿土', follows: true },
  { name: '陈阿姨', follows: true },
  { name: '晚风', follows: true },
  { name: '路过的云', follows: false },
];

/** Of the name alone, so that a restart keeps everyone; like WeChat's, an openid is another one for another account. */
export function openidOf(appId: string, name: string): string {
  return `o${createHash('sha256').update(`openid\0${appId}\0${name}`).digest('base64url').slice(0, 27)}`;
}

/** The made-up user that everyone is who opens a page as a snapshot. No name can be typed that gives it. */
export const snapshotOpenid = (appId: string) => openidOf(appId, '\0snapshot');

export const looksLikeOpenid = (text: string) => /^o[\w-]{27}$/.test(text);
