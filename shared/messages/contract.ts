import * as z from 'zod/mini';
import { type Contract, NextCursor, pageQuery, roles } from '../http/contract.js';
import { Id } from '../http/fields.js';
import { channelChoices, channels, messageStates } from './rules.js';
import { templateNames } from './templates.js';

export const LanguageChoice = z.enum(['zh-CN', 'en']);

/** A message as its person sees it. Its text in both languages: a page shows its own. */
const Message = z.object({
  messageId: Id,
  template: z.enum(templateNames),
  text: z.object({ zh: z.string(), en: z.string() }),
  createdAt: z.iso.datetime(),
  status: z.enum(messageStates),
  sentAt: z.nullable(z.iso.datetime()),
  /** Where it went out. */
  channels: z.array(z.enum(channels)),
});

const Choice = z.strictObject({ channels: z.enum(channelChoices), language: LanguageChoice });
const exampleChoice = { channels: 'sms', language: 'zh-CN' };

export const messagesContract = {
  'GET /v1/me/messages': {
    who: roles,
    summary: 'What I was sent in the last 180 days, newest first',
    query: z.object(pageQuery(100, 20)),
    ok: z.object({ messages: z.array(Message), nextCursor: NextCursor }),
    fails: ['invalid_cursor'],
    example: {
      ok: {
        messages: [
          {
            messageId: '0c9f1f5e-58c9-4d6e-8d8e-6a3b7b0a2f11',
            template: 'site_assigned',
            text: {
              zh: '【共治】您已负责“翠湖花园”的垃圾分类登记，登录后即可查看。',
              en: '【共治】You now log the garbage sorting at 翠湖花园. Sign in to see it.',
            },
            createdAt: '2026-11-24T04:00:00.000Z',
            status: 'sent',
            sentAt: '2026-11-24T04:00:41.000Z',
            channels: ['sms'],
          },
        ],
        nextCursor: null,
      },
    },
  },
  'GET /v1/me/message-channels': {
    who: roles,
    summary: 'Where and in which language I am sent messages',
    ok: Choice,
    example: { ok: exampleChoice },
  },
  'PUT /v1/me/message-channels': {
    who: roles,
    summary: 'Choose where and in which language I am sent messages; codes always come by SMS',
    body: Choice,
    ok: Choice,
    limits: [{ per: 'account', most: 60, windowSeconds: 3600 }],
    fails: ['wechat_not_linked'],
    example: { body: exampleChoice, ok: exampleChoice },
  },
} as const satisfies Contract;
