import type { KeptContent } from '../../shared/messages/templates.js';
import type { Write } from '../database/writes.js';
import type { Keys, Sealed } from '../platform/keys.js';
import type { OutboxStore } from './outbox.js';

/** The record under which a message's own recipient is sealed. */
export const recipientOf = (messageId: string) => ({ table: 'messages', record: messageId });

/** Stands where a person's id would: the bureau's own group. */
export const bureauGroup = 'bureau-group';

interface Deps {
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Makes messages to people, each to be written with the change it tells of. */
export const teller =
  ({ outboxWrite }: Pick<OutboxStore, 'outboxWrite'>, { now, newId }: Deps) =>
  (personId: string, content: KeptContent): Write =>
    outboxWrite({ ...content, personId, messageId: newId(), createdAt: now().toISOString() });

/**
 * Makes a message to a phone that is no longer anybody's here: the one before a change, or that of an erased account. It
 * is filed under a number of its own, so that it neither leads to the person nor is erased with them.
 */
export const phoneTeller =
  ({ outboxWrite }: Pick<OutboxStore, 'outboxWrite'>, keys: Pick<Keys, 'seal'>, { now, newId }: Deps) =>
  async (phone: string, content: KeptContent): Promise<Write> => {
    const messageId = newId();
    const sealedTo: Sealed = await keys.seal(recipientOf(messageId), { phone });
    return outboxWrite({ ...content, personId: newId(), messageId, createdAt: now().toISOString(), sealedTo });
  };
