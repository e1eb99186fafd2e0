import * as z from 'zod/mini';
import { channelOutcomes, messageStates } from '../../shared/messages/rules.js';
import { type KeptContent, templateNames, templates } from '../../shared/messages/templates.js';
import type { Classify } from '../platform/holder.js';
import { Sealed } from '../platform/keys.js';

/*
 * pattern                                   key                                                  index
 * a person's messages, newest first         PERSON#<personId> / MESSAGE#<createdAt>#<messageId>  –
 * messages that are due, oldest first       DUE / <dueAt>#<messageId>                            due (until they are settled)
 * where a person is sent messages           PERSON#<personId> / CHANNELS                         –
 */
export const partition = (personId: string) => `PERSON#${personId}`;
export const messagesFrom = (createdAt: string) => `MESSAGE#${createdAt}`;
export const messageKey = ({ personId, createdAt, messageId }: Place) => ({
  pk: partition(personId),
  sk: `${messagesFrom(createdAt)}#${messageId}`,
});
export const choiceKey = (personId: string) => ({ pk: partition(personId), sk: 'CHANNELS' });
export const dueKey = (at: Date, messageId: string) => `${at.toISOString()}#${messageId}`;

export const keptDays = 180;
/** By when it was made, as its expiry is: the day it is sent is the same or the next one. */
export const classOfMessage: Classify = ({ sk, createdAt }) =>
  String(sk).startsWith(messagesFrom('')) ? { of: 'sent_messages', since: String(createdAt) } : undefined;

export const Due = z.object({
  personId: z.string(),
  messageId: z.string(),
  createdAt: z.string(),
  dueAt: z.string(),
  urgent: z.boolean(),
});
/** A message to be sent, as the index names it. `dueAt` is what a claim holds on to. */
export type Due = z.output<typeof Due>;
/** What leads to a message. `messageId` is made by who posts it; `createdAt`, of ISO 8601 in UTC, is the time of the change. */
export type Place = Pick<Due, 'personId' | 'messageId' | 'createdAt'>;

const ChannelRecord = z.object({
  outcome: z.enum(channelOutcomes),
  at: z.string(),
  code: z.optional(z.string()),
  providerId: z.optional(z.string()),
});
/** What a channel made of a message: the provider's number for it, or its code for the refusal. */
export type ChannelRecord = z.output<typeof ChannelRecord>;

const Stored = z.object({
  ...Due.shape,
  /** Only while it is not settled. */
  dueAt: z.optional(z.string()),
  template: z.enum(templateNames),
  params: z.unknown(),
  status: z.enum(messageStates),
  tries: z.int(),
  channels: z.object({ sms: z.optional(ChannelRecord), wechat: z.optional(ChannelRecord) }),
  /** The phone it goes to, where that is no longer the person's. Taken away once it is settled. */
  sealedTo: z.optional(Sealed),
});

/** A message as it is kept. Its params are parsed by its template, which may therefore only gain optional ones. */
export type Message = Omit<z.output<typeof Stored>, 'template' | 'params'> & KeptContent;

export function messageOf(item: unknown): Message {
  const { params, ...rest } = Stored.parse(item);
  return { ...rest, params: templates[rest.template].params.parse(params) } as Message;
}
