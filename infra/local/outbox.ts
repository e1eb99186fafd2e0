import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Messages } from '../../functions/platform/messages.js';

/** A message that a phone would have received. */
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
  const messages: Messages = {
    sms: {
      /** A message that is sent again, by a sender that did not hear of the first time, arrives once. */
      async deliver(to, { messageId, template, params, text }) {
        const code = 'code' in params ? { code: params.code } : {};
        const sent: Sent = { messageId, at: now().toISOString(), to, kind: template, text, ...code };
        const known = all().some((other) => other.messageId === messageId && other.to === to);
        if (!known) appendFileSync(file, `${JSON.stringify(sent)}\n`, { mode: 0o600 });
        return { providerId: messageId };
      },
    },
  };
  function all(): Sent[] {
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Sent);
  }
  return {
    messages,
    /** Newest first, to one phone or to all. */
    sent: (to?: string, most = 200): Sent[] =>
      all()
        .filter((sent) => to === undefined || sent.to === to)
        .reverse()
        .slice(0, most),
  };
}
export type Outbox = ReturnType<typeof outbox>;
