import { type TemplateName, wordingOf } from '../../shared/messages/templates.js';
import { signature } from '../../shared/messages/wordings.js';
import { type Channel, type Delivery, DeliveryFailed } from '../platform/messages.js';
import { type WeChat, WeChatRefused } from '../platform/wechat.js';

/** A template of the official account, and its fields (`thing1`, `phrase2`) in the order in which the values fill them. */
export interface WeChatTemplate {
  readonly templateId: string;
  readonly fields: readonly string[];
}

export interface WeChatTemplateOptions {
  readonly weChat: Pick<WeChat, 'sendTemplate'>;
  /** The account's token, kept by whoever gives it; `fresh` where the one it gave was refused. */
  readonly accessToken: (options?: { readonly fresh: boolean }) => Promise<string>;
  readonly templates: Readonly<Partial<Record<TemplateName, WeChatTemplate>>>;
  /** The page that opens when the message is tapped. */
  readonly url?: string;
}

/** May it pass? A person who does not follow the account will not be reached, and a wrong setting is no passing thing. */
const mayPass = ({ reason, errcode }: WeChatRefused) =>
  errcode === 'unreachable' || reason === 'busy' || reason === 'limit_reached' || reason === 'token_invalid';

/** Template messages of a WeChat official account. WeChat sends none twice under one id within ten minutes. */
export function weChatTemplate({ weChat, accessToken, templates, url }: WeChatTemplateOptions): Channel {
  const send = async (openid: string, delivery: Delivery, { templateId, fields }: WeChatTemplate, fresh: boolean) =>
    weChat.sendTemplate(await accessToken({ fresh }), {
      openid,
      templateId,
      clientMessageId: delivery.messageId,
      ...(url ? { url } : {}),
      data: dataOf(delivery, fields),
    });
  return {
    async deliver(openid, delivery) {
      const template = templates[delivery.template];
      if (!template) throw new DeliveryFailed('template_not_registered', false);
      try {
        try {
          return { providerId: await send(openid, delivery, template, false) };
        } catch (error) {
          // The token's life is WeChat's to end: another server of ours may have asked for a new one.
          if (!(error instanceof WeChatRefused && error.reason === 'token_invalid')) throw error;
          return { providerId: await send(openid, delivery, template, true) };
        }
      } catch (error) {
        if (!(error instanceof WeChatRefused)) throw error;
        throw new DeliveryFailed(error.reason === 'other' ? `wechat_${error.errcode}` : error.reason, mayPass(error));
      }
    },
  };
}

/** The variables, then the whole text: a template that has no variable shows it. */
function dataOf(delivery: Delivery, fields: readonly string[]): Record<string, string> {
  const values = [...wordingOf(delivery, delivery.language).variables, delivery.text.replace(signature, '')];
  return Object.fromEntries(fields.map((field, i) => [field, values[i] ?? '']));
}
