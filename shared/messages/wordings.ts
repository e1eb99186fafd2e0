import type { Language } from '../http/problem.js';

/**
 * Every text as it is registered with the SMS gateway, which knows texts by number and fills `{1}`, `{2}` itself. The
 * signature is the gateway's too, so none stands here. A wording is short: 70 characters are one SMS, and no link or
 * name of a person is in it.
 */
export const wordings = {
  code_for_sign_in: {
    'zh-CN': '验证码{1}，用于登录，{2}分钟内有效。切勿告诉任何人，工作人员也不会索要。',
    en: '{1} is your code to sign in, valid for {2} minutes. Never pass it on: our staff will not ask for it.',
  },
  code_for_change_phone: {
    'zh-CN': '验证码{1}，用于更换登录手机号，{2}分钟内有效。切勿告诉任何人，工作人员也不会索要。',
    en: '{1} is your code to change your phone number, valid for {2} minutes. Never pass it on: our staff will not ask for it.',
  },
  code_for_guardian_consent: {
    'zh-CN': '验证码{1}，用于监护人同意未满14周岁的孩子使用本服务，{2}分钟内有效。请亲自填写，切勿告诉他人。',
    en: '{1} is your code to consent, as a guardian, to a child under 14 using this service, valid for {2} minutes. Enter it yourself and never pass it on.',
  },
  role_changed: {
    'zh-CN': '您的身份已变更为{1}。如有疑问，请联系区城管部门。',
    en: 'Your role is now: {1}. If you have questions, ask the district bureau.',
  },
  role_changed_in_area: {
    'zh-CN': '您的身份已变更为{1}（{2}）。如有疑问，请联系区城管部门。',
    en: 'Your role is now: {1} ({2}). If you have questions, ask the district bureau.',
  },
  site_assigned: {
    'zh-CN': '您已负责“{1}”的垃圾分类登记，登录后即可查看。',
    en: 'You now log the garbage sorting at {1}. Sign in to see it.',
  },
  session_reuse_ended: {
    'zh-CN': '您的一次登录在两处被使用，为安全起见已被结束。若另一处不是您本人，请告知区城管部门。',
    en: 'A sign-in of yours was used from two places and was ended. If the other one was not you, tell the district bureau.',
  },
  phone_changed: {
    'zh-CN': '您的账号已改用手机号{1}登录。如非本人操作，请立即联系区城管部门。',
    en: 'Your account now signs in with {1}. If that was not you, tell the district bureau at once.',
  },
  wechat_linked: {
    'zh-CN': '您的账号已绑定一个微信，以后可用它登录。如非本人操作，请立即联系区城管部门。',
    en: 'A WeChat user is linked to your account and can sign in to it. If that was not you, tell the district bureau at once.',
  },
  account_erased: {
    'zh-CN': '您的账号和个人信息已删除。',
    en: 'Your account and your personal data have been erased.',
  },
  bulk_reveals: {
    'zh-CN': '有工作人员在短时间内查看了{1}条完整的个人信息，请登录后台核查。',
    en: 'A member of staff opened {1} personal records within a short time. Sign in and check.',
  },
} as const satisfies Record<string, Record<Language, string>>;
export type Wording = keyof typeof wordings;

/** Who speaks. The gateway sets it before a text by itself; every other way out is given it with the text. */
export const signature = '【共治】';

/** A wording with its variables: `{1}` is the first. */
export const fill = (text: string, variables: readonly string[]): string =>
  text.replace(/\{(\d)\}/g, (_, position) => variables[Number(position) - 1] ?? '');
