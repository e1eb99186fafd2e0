import { textOf } from '../../shared/messages/templates.js';
import type { Holder } from '../platform/holder.js';
import type { MessagesStore } from './store.js';

/** What a person was sent, and how they want to be told. */
export const messagesHolder = (messages: MessagesStore, now: () => Date): Holder => ({
  async show(personId) {
    const shown = [];
    for (let cursor: string | undefined; ; ) {
      const page = await messages.messagesOf(personId, now(), 100, cursor);
      shown.push(
        ...page.messages.map(({ createdAt, status, template, params }) => ({ createdAt, status, text: textOf(template, params, 'zh-CN') })),
      );
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    return [{ choice: await messages.choiceOf(personId) }, ...shown];
  },
  erase: (personId) => messages.eraseAll(personId),
});
