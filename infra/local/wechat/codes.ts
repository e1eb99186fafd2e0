import { randomBytes } from 'node:crypto';
import { openidOf, snapshotOpenid } from './people.js';
import { type Reply, refused } from './replies.js';

/** Who opens the page: someone, a snapshot's made-up user, or nobody because WeChat stays busy. */
export type Opening = { readonly user: string } | { readonly as: 'snapshot' | 'busy' };

interface Issued {
  readonly opening: Opening;
  readonly until: number;
  used: boolean;
}

const codeMs = 5 * 60_000;
const userTokenSeconds = 7200;
const token = (bytes = 24) => randomBytes(bytes).toString('base64url');

/** The codes of one account: good once, for five minutes. */
export function codeBook(appId: string, now: () => Date) {
  const issued = new Map<string, Issued>();

  return {
    issue(opening: Opening): string {
      const at = now().getTime();
      for (const [code, { until }] of issued) if (until <= at) issued.delete(code);
      const code = token();
      issued.set(code, { opening, until: at + codeMs, used: false });
      return code;
    },

    exchange(code: string): Reply {
      const found = issued.get(code);
      if (!found || found.until <= now().getTime()) return refused(40029);
      if (found.used) return refused(40163);
      const { opening } = found;
      if ('as' in opening && opening.as === 'busy') return refused(-1);
      found.used = true;
      return {
        access_token: token(64),
        expires_in: userTokenSeconds,
        refresh_token: token(64),
        openid: 'user' in opening ? openidOf(appId, opening.user) : snapshotOpenid(appId),
        scope: 'snsapi_base',
        ...('as' in opening ? { is_snapshotuser: 1 } : {}),
      };
    },
  };
}
