import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import { snsSms } from '../messages/sns-sms.js';
import { tencentSms } from '../messages/tencent-sms.js';
import { weChatTemplate } from '../messages/wechat-template.js';
import { wechatTokens } from '../messages/wechat-tokens.js';
import { weComRobot } from '../messages/wecom-robot.js';
import { awsPersonal, secretText } from './aws.js';
import { type Channel, DeliveryFailed, type Messages } from './messages.js';
import type { Ports } from './ports.js';
import { weChatOver } from './wechat-api.js';

/** The accounts outside, as the secret OUTSIDE_SECRET_ARN holds them. What is missing is not set up. */
const Outside = z.object({
  wechat: z.optional(
    z.object({
      appId: z.string(),
      appSecret: z.string(),
      apiBase: z._default(z.url(), 'https://api.weixin.qq.com'),
      openBase: z._default(z.url(), 'https://open.weixin.qq.com'),
      /** Template messages, by the names of shared/messages/templates.ts. */
      templates: z._default(z.record(z.string(), z.object({ templateId: z.string(), fields: z.array(z.string()) })), {}),
    }),
  ),
  tencentSms: z.optional(
    z.object({
      secretId: z.string(),
      secretKey: z.string(),
      appId: z.string(),
      signName: z.string(),
      templateIds: z.record(z.string(), z.string()),
    }),
  ),
  /** SMS by SNS, in the name of the function itself. Not in China. */
  sns: z._default(z.boolean(), false),
  wecomRobot: z.optional(z.url()),
});

const closed: Channel = {
  deliver: async () => {
    throw new DeliveryFailed('not_set_up', true);
  },
};

/** Everything, for a function that signs people in or sends messages. */
export async function awsPorts(env: NodeJS.ProcessEnv = process.env): Promise<Ports> {
  const [ports, text] = await Promise.all([awsPersonal(env), secretText(env.OUTSIDE_SECRET_ARN)]);
  const { wechat: account, tencentSms: tencent, sns, wecomRobot } = Outside.parse(JSON.parse(text));
  const { db, tableNames, keys, now } = ports;
  const wechat = account && weChatOver({ ...account, timeoutMs: 5_000 });
  const messages: Messages = {
    sms: tencent ? tencentSms({ ...tencent, now }) : sns ? snsSms(new SNSClient({})) : closed,
    ...(wechat
      ? {
          wechat: weChatTemplate({
            weChat: wechat,
            accessToken: wechatTokens(db, tableNames.messages, { keys, wechat, now }).accessToken,
            templates: account.templates,
            ...(env.PUBLIC_ORIGIN ? { url: env.PUBLIC_ORIGIN } : {}),
          }),
        }
      : {}),
    ...(wecomRobot ? { group: weComRobot(wecomRobot) } : {}),
  };
  return { ...ports, messages, wechat };
}
