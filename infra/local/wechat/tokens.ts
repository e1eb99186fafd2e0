import { createHmac } from 'node:crypto';
import { type Reply, refused } from './replies.js';

const lifeSeconds = 7200;
/** WeChat renews a stable token this long before its end; both are good until then. */
const renewSeconds = 300;

/** The account's own tokens. They are signed rather than kept: one that the service holds survives a restart of the stand-in. */
export function tokenMint(appSecret: string, now: () => Date) {
  const seconds = () => Math.floor(now().getTime() / 1000);
  const signed = (purpose: string, until: number) =>
    `${until}_${createHmac('sha256', appSecret).update(`${purpose}\0${until}`).digest('base64url')}`;
  let end = 0;

  return {
    /** The same one until it is nearly over. */
    stable(): Reply {
      const at = seconds();
      if (end - at <= renewSeconds || end - at > lifeSeconds) end = at + lifeSeconds;
      return { access_token: signed('token', end), expires_in: end - at };
    },

    ticket(): Reply {
      return { errcode: 0, errmsg: 'ok', ticket: signed('ticket', seconds() + lifeSeconds), expires_in: lifeSeconds };
    },

    /** Nothing, where the token is good. */
    faultOf(token: string): Reply | undefined {
      const until = Number(token.split('_', 1)[0]);
      if (token !== signed('token', until)) return refused(40001);
      return until > seconds() ? undefined : refused(42001);
    },
  };
}
