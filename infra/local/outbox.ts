import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Messages, textOf } from '../../functions/platform/messages.js';

/** A message that a phone would have received. */
export interface Sent {
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
    async send(message) {
      const { to, kind, code } = message;
      const sent: Sent = { at: now().toISOString(), to, kind, text: textOf(message), code };
      appendFileSync(file, `${JSON.stringify(sent)}\n`, { mode: 0o600 });
    },
  };
  return {
    messages,
    /** Newest first, to one phone or to all. */
    sent(to?: string, most = 200): Sent[] {
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      const all = lines.filter(Boolean).map((line) => JSON.parse(line) as Sent);
      return all
        .filter((sent) => to === undefined || sent.to === to)
        .reverse()
        .slice(0, most);
    },
  };
}
export type Outbox = ReturnType<typeof outbox>;
