import type { Handlers } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { messagesContract } from '../../shared/messages/contract.js';
import { channels } from '../../shared/messages/rules.js';
import { textOf } from '../../shared/messages/templates.js';
import type { Message } from './message.js';
import type { MessagesStore } from './store.js';

export interface MessagesDeps {
  readonly messages: MessagesStore;
  readonly hasWeChat: (personId: string) => Promise<boolean>;
  readonly now: () => Date;
}

export const messagesHandlers: Handlers<typeof messagesContract, MessagesDeps> = {
  async 'GET /v1/me/messages'({ query: { limit, cursor }, caller }, { messages, now }) {
    const page = await messages.messagesOf(caller.personId, now(), limit, cursor);
    return { messages: page.messages.map(shown), nextCursor: page.nextCursor };
  },

  async 'GET /v1/me/message-channels'({ caller }, { messages }) {
    return messages.choiceOf(caller.personId);
  },

  async 'PUT /v1/me/message-channels'({ body, caller }, { messages, hasWeChat }) {
    if (body.channels !== 'sms' && !(await hasWeChat(caller.personId))) throw new Failure('wechat_not_linked');
    await messages.keepChoice(caller.personId, body);
    return body;
  },
};

function shown({ messageId, template, params, createdAt, status, channels: records }: Message) {
  const out = channels.filter((channel) => records[channel]?.outcome === 'sent');
  const sentAt = out.map((channel) => records[channel]?.at ?? '').sort();
  return {
    messageId,
    template,
    text: { zh: textOf(template, params, 'zh-CN'), en: textOf(template, params, 'en') },
    createdAt,
    status,
    sentAt: sentAt[0] ?? null,
    channels: out,
  };
}
