import type { WeChat } from '../../../functions/platform/wechat.js';
import { weChatOver } from '../../../functions/platform/wechat-api.js';

/** The official account that the stand-in knows; nothing is secret about it. */
export const weChatAccount = { appId: 'wx0000000000000000', appSecret: 'the-stand-in-knows-it' };

/** The same client as on AWS, pointed at a stand-in. */
export const weChatAt = (url: string): WeChat => weChatOver({ ...weChatAccount, apiBase: url, openBase: url, timeoutMs: 5_000 });
