import * as z from 'zod/mini';
import { DeliveryFailed, type Messages } from '../platform/messages.js';
import { postJson } from './post-json.js';

const Reply = z.object({ errcode: z.int() });
/** Busy, or more than the twenty messages a minute that a robot may post. */
const passing = [-1, 45009];

/**
 * A robot in a group of WeCom (企业微信), for notices to staff: no person is named in them.
 * @param webhook its address, which is its key: a secret
 */
export function weComRobot(webhook: string): NonNullable<Messages['group']> {
  return {
    async post(text) {
      const reply = Reply.safeParse(await postJson(webhook, JSON.stringify({ msgtype: 'text', text: { content: text } })));
      const errcode = reply.data?.errcode;
      if (errcode === undefined) throw new DeliveryFailed('reply_not_understood', true);
      if (errcode !== 0) throw new DeliveryFailed(`wecom_${errcode}`, passing.includes(errcode));
    },
  };
}
