import * as z from 'zod/mini';
import type { Language } from '../../shared/http/problem.js';
import { wordingOf } from '../../shared/messages/templates.js';
import type { Wording } from '../../shared/messages/wordings.js';
import { type Channel, DeliveryFailed } from '../platform/messages.js';
import { postJson } from './post-json.js';
import { type TencentKey, tencentAuthorization } from './tencent-signature.js';

/** A registered text: a wording in a language. Numbers outside the mainland take texts registered for abroad. */
export type TencentText = `${Wording}/${Language}` | `${Wording}/${Language}/abroad`;

export interface TencentSmsOptions extends TencentKey {
  readonly appId: string;
  /** As it was approved, without brackets: 共治. */
  readonly signName: string;
  /** The numbers Tencent gave the approved texts. */
  readonly templateIds: Readonly<Partial<Record<TencentText, string>>>;
  readonly endpoint?: string;
  readonly now: () => Date;
}

const Failed = z.object({ Code: z.string() });
const Reply = z.object({
  Response: z.object({
    Error: z.optional(Failed),
    SendStatusSet: z.optional(z.array(z.object({ Code: z.string(), SerialNo: z.optional(z.string()) }))),
  }),
});

/**
 * What trying again will not change: a wrong number, text or variable, a recipient who opted out, an area that is not
 * served. All else may pass, a limit by itself and a setting that is wrong once somebody has mended it.
 */
const forGood = /^(InvalidParameter|MissingParameter|UnsupportedOperation|FailedOperation\.(PhoneNumberInBlacklist|ContainSensitiveWord)$)/;

/** SMS by Tencent Cloud (SendSms, 2021-01-11). The text is Tencent's own, registered there: we send its number and variables. */
export function tencentSms(options: TencentSmsOptions): Channel {
  const { appId, signName, templateIds, endpoint = 'https://sms.tencentcloudapi.com', now, ...key } = options;
  const host = new URL(endpoint).host;
  return {
    async deliver(to, delivery) {
      const { language } = delivery;
      const { wording, variables } = wordingOf(delivery, language);
      const text: TencentText = to.startsWith('+86') ? `${wording}/${language}` : `${wording}/${language}/abroad`;
      const TemplateId = templateIds[text];
      if (!TemplateId) throw new DeliveryFailed('template_not_registered', false);
      const body = JSON.stringify({
        SmsSdkAppId: appId,
        SignName: signName,
        TemplateId,
        TemplateParamSet: variables,
        PhoneNumberSet: [to],
        SessionContext: delivery.messageId,
      });
      const signed = { 'content-type': 'application/json; charset=utf-8', host, 'x-tc-action': 'SendSms' };
      const timestamp = Math.floor(now().getTime() / 1000);
      const reply = Reply.safeParse(
        await postJson(endpoint, body, {
          ...signed,
          authorization: tencentAuthorization(key, 'sms', signed, body, timestamp),
          'x-tc-timestamp': String(timestamp),
          'x-tc-version': '2021-01-11',
          'x-tc-region': 'ap-guangzhou',
        }),
      );
      const { Error: failed, SendStatusSet: [status] = [] } = reply.data?.Response ?? {};
      const code = failed?.Code ?? status?.Code ?? 'reply_not_understood';
      if (code !== 'Ok') throw new DeliveryFailed(code, !forGood.test(code));
      return status?.SerialNo ? { providerId: status.SerialNo } : {};
    },
  };
}
