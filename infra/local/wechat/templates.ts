import * as z from 'zod/mini';
import type { TemplateMessage } from '../../../functions/platform/wechat.js';
import { looksLikeOpenid, openidOf, people } from './people.js';
import { type Reply, refused } from './replies.js';

/** A template message as it reaches a person's WeChat. */
export type Delivered = Omit<TemplateMessage, 'clientMessageId'> & {
  readonly msgid: string;
  /** Whose it is, where the stand-in has met the person since it started. */
  readonly name?: string;
};

const body = z.object({
  touser: z.string(),
  template_id: z.string(),
  url: z.optional(z.string()),
  client_msg_id: z.optional(z.string()),
  data: z.record(z.string(), z.object({ value: z.string() })),
});

const onceMs = 10 * 60_000;

/** Delivers template messages to those who follow the account. */
export function templatePost(appId: string, now: () => Date, onTemplate: (message: Delivered) => void) {
  const names = new Map(people.map(({ name }) => [openidOf(appId, name), name]));
  const strangers = new Set(people.filter(({ follows }) => !follows).map(({ name }) => openidOf(appId, name)));
  const sent = new Map<string, { readonly msgid: bigint; readonly until: number }>();
  let count = 0n;

  return {
    met: (name: string) => void names.set(openidOf(appId, name), name),
    setFollowing: (openid: string, follows: boolean) => void (follows ? strangers.delete(openid) : strangers.add(openid)),

    send(json: unknown): Reply {
      const { data: message } = body.safeParse(json);
      if (!message) return refused(47001);
      if (!message.template_id) return refused(40037);
      if (!looksLikeOpenid(message.touser)) return refused(40003);
      if (strangers.has(message.touser)) return refused(43004);

      const at = now().getTime();
      for (const [key, { until }] of sent) if (until <= at) sent.delete(key);
      const key = message.client_msg_id && `${message.touser} ${message.client_msg_id}`;
      const before = key ? sent.get(key) : undefined;
      // WeChat says that it delivers once, not what it answers the second time: here, what it answered the first.
      if (before) return delivered(before.msgid);

      count += 1n;
      // As long as WeChat's own, which no JavaScript number holds exactly.
      const msgid = BigInt(at) * 1_000_000n + count;
      onTemplate(received(message, String(msgid), names.get(message.touser)));
      if (key) sent.set(key, { msgid, until: at + onceMs });
      return delivered(msgid);
    },
  };
}

const delivered = (msgid: bigint): Reply => ({ errcode: 0, errmsg: 'ok', msgid });

const received = ({ touser, template_id, url, data }: z.infer<typeof body>, msgid: string, name: string | undefined): Delivered => ({
  openid: touser,
  templateId: template_id,
  ...(url === undefined ? {} : { url }),
  data: Object.fromEntries(Object.entries(data).map(([key, { value }]) => [key, value])),
  msgid,
  ...(name === undefined ? {} : { name }),
});
