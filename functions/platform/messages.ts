import type { Language } from '../../shared/http/problem.js';
import { type Content, textOf } from '../../shared/messages/templates.js';

/** A message on its way to one recipient, who is named beside it and never within. */
export type Delivery = Content & { readonly messageId: string; readonly language: Language; readonly text: string };

/** A way out. `to` is a phone in E.164 for SMS, an openid for WeChat. Throws `DeliveryFailed`. */
export interface Channel {
  deliver(to: string, delivery: Delivery): Promise<{ readonly providerId?: string }>;
}

/** Why a message did not go out: the provider's code alone, never the recipient or the text. `retry` where it may yet. */
export class DeliveryFailed extends Error {
  readonly code: string;
  constructor(
    code: string,
    readonly retry: boolean,
  ) {
    // It ends up in the log and the record: whatever else a provider may write there stays out.
    const plain = /^[\w.:-]{1,100}$/.test(code) ? code : 'unknown';
    super(plain);
    this.code = plain;
  }
}

/** The ways out. */
export interface Messages {
  readonly sms: Channel;
  readonly wechat?: Channel;
  /** A group robot for staff notices. Throws `DeliveryFailed`. */
  readonly group?: { post(text: string): Promise<void> };
}

/** A message ready to be handed to a channel. */
export function deliveryOf(messageId: string, { template, params }: Content, language: Language): Delivery {
  return { template, params, messageId, language, text: textOf(template, params, language) } as Delivery;
}
