import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Messages } from '../../functions/platform/messages.js';
import type { Delivered } from './wechat/templates.js';

/** A message that a phone would have received: an SMS, or a template message of WeChat. */
export interface Sent {
  readonly messageId: string;
  readonly at: string;
  readonly to: string;
  readonly kind: string;
  readonly text: string;
  readonly code?: string;
}

/** Stands in for every phone: messages are kept in a file of the data folder, and shown at /local/outbox. */
export function outbox(dataDir: string, now: () => Date) {
  const file = join(dataDir, 'outbox.jsonl');
  const all = (): Sent[] => {
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Sent);
  };
  const keep = (sent: Sent) => {
    // A message that is sent again, by a sender that did not hear of the first time, arrives once.
    const known = all().some(({ messageId, to }) => messageId === sent.messageId && to === sent.to);
    if (!known) appendFileSync(file, `${JSON.stringify(sent)}\n`, { mode: 0o600 });
  };
  const messages: Messages = {
    sms: {
      async deliver(to, { messageId, template, params, text }) {
        const code = 'code' in params ? { code: params.code } : {};
        keep({ messageId, at: now().toISOString(), to, kind: template, text, ...code });
        return { providerId: messageId };
      },
    },
    group: {
      async post(text) {
        keep({ messageId: `group ${now().toISOString()}`, at: now().toISOString(), to: '企业微信群', kind: 'group', text });
      },
    },
  };
  return {
    messages,
    /** A template message as the WeChat stand-in has delivered it. */
    keepTemplate: ({ msgid, openid, name, templateId, data }: Delivered) =>
      keep({
        messageId: `wechat ${msgid}`,
        at: now().toISOString(),
        to: `微信 ${name ?? openid}`,
        kind: templateId,
        text: Object.values(data).filter(Boolean).at(-1) ?? '',
      }),
    /** Newest first, to one phone or to all. */
    sent: (to?: string, most = 200): Sent[] =>
      all()
        .filter((sent) => to === undefined || sent.to === to)
        .reverse()
        .slice(0, most),
  };
}
export type Outbox = ReturnType<typeof outbox>;
