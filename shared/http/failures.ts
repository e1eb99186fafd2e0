/**
 * Every refusal the service can answer, and the only place its words stand. A code says a state, never a blame.
 * `status` is the HTTP status; `zh` and `en` are what a person reads.
 */
export const failures = {
  // The request itself
  malformed_json: { status: 400, zh: '提交的内容不是有效的 JSON', en: 'The body is not valid JSON' },
  invalid_request: { status: 400, zh: '提交的内容有误', en: 'The request is not valid' },
  invalid_cursor: { status: 400, zh: '翻页标记无效，请从第一页重新读取', en: 'The cursor is not valid: start again from the first page' },
  sign_in_needed: { status: 401, zh: '请先登录', en: 'Sign in first' },
  role_not_allowed: { status: 403, zh: '您的身份不能进行这项操作', en: 'Your role may not do this' },
  route_not_found: { status: 404, zh: '没有这个地址', en: 'There is nothing at this address' },
  cross_site: { status: 403, zh: '请求来自其他网站，已拒绝', en: 'The request came from another site and was refused' },
  too_many_requests: { status: 429, zh: '操作过于频繁，请稍后再试', en: 'Too many requests: try again later' },
  body_too_large: { status: 413, zh: '提交的内容超过 6 MB', en: 'The body is larger than 6 MB' },
  content_type_not_supported: { status: 415, zh: '不支持这种内容格式', en: 'This content type is not supported' },
  internal_error: { status: 500, zh: '服务出了问题，请稍后再试', en: 'Something went wrong on our side: try again later' },
  timed_out: { status: 504, zh: '服务响应超时，请稍后再试', en: 'The service took too long: try again later' },

  // Sessions
  too_many_codes: { status: 429, zh: '验证码请求过于频繁，请稍后再试', en: 'Too many codes were asked for: try again later' },
  code_wrong: { status: 401, zh: '验证码不正确或已过期', en: 'The code is wrong or has expired' },
  session_ended: { status: 401, zh: '登录已失效，请重新登录', en: 'The session has ended: sign in again' },
  session_not_found: { status: 404, zh: '没有这个登录', en: 'There is no such session' },
  messages_unavailable: { status: 503, zh: '短信暂时无法发送，请稍后再试', en: 'Messages cannot be sent right now: try again later' },
  wechat_unavailable: { status: 503, zh: '微信暂时没有回应，请稍后再试', en: 'WeChat does not answer right now: try again later' },
  wechat_not_set_up: { status: 503, zh: '没有开通微信登录', en: 'Signing in by WeChat is not set up' },
  wechat_state_unknown: {
    status: 400,
    zh: '这次微信登录已失效，请重新开始',
    en: 'This sign-in by WeChat is not known or has expired: start again',
  },
  wechat_code_refused: { status: 400, zh: '微信没有认可这次登录，请重新开始', en: 'WeChat did not accept the code: start again' },
  wechat_snapshot_user: {
    status: 403,
    zh: '快照页不能登录，请点“使用完整服务”后再试',
    en: 'A snapshot page cannot sign in: open the full page in WeChat and try again',
  },
  wechat_link_expired: {
    status: 400,
    zh: '绑定手机号的时间已过，请重新用微信登录',
    en: 'The time to link a phone has run out: start again from WeChat',
  },
  wechat_taken: { status: 409, zh: '这个微信已绑定另一个账号', en: 'This WeChat user is linked to another account' },
  wechat_not_linked: { status: 409, zh: '您的账号没有绑定微信', en: 'No WeChat account is linked to yours' },
  not_our_page: { status: 400, zh: '只能为本服务的页面签名', en: 'Only a page of this service is signed' },

  // Accounts
  person_not_found: { status: 404, zh: '没有这个人员', en: 'There is no such person' },
  phone_taken: { status: 409, zh: '这个手机号已属于另一个账号', en: 'This phone number belongs to another account' },
  identity_taken: { status: 409, zh: '这个证件已属于另一个账号', en: 'This identity document belongs to another account' },
  person_changed_meanwhile: {
    status: 409,
    zh: '这个账号刚被他人修改，请重试',
    en: 'The account was changed by someone else just now: try again',
  },
  person_erased: {
    status: 409,
    zh: '这个编号属于已注销的账号，不能再用',
    en: 'This id belongs to an erased account and is not used again',
  },
  child_on_record: {
    status: 409,
    zh: '证件显示未满十四周岁，不能自行撤换，请由监护人到街道办理',
    en: 'The document on record shows a child under 14: a guardian can have it corrected at the street office',
  },
  own_role: { status: 409, zh: '不能更改自己的身份', en: 'You cannot change your own role' },

  // Privacy
  notice_outdated: {
    status: 409,
    zh: '告知书已更新，请阅读新版本后再选择',
    en: 'The notice has a newer version: read it and decide again',
  },
  notice_not_optional: {
    status: 409,
    zh: '这一项是办理业务所必需的，不能拒绝；可以注销账号',
    en: 'The service cannot be given without this one; you may erase your account instead',
  },
  guardian_needed: { status: 409, zh: '不满十四周岁须由监护人同意', en: 'Under 14 a guardian has to agree' },
  reveal_not_found: { status: 404, zh: '没有这次查看，或已超过十分钟', en: 'There is no such reveal, or its ten minutes are over' },
  last_bureau: {
    status: 409,
    zh: '您是唯一的区城管局账号，请先把身份交给他人',
    en: 'Yours is the only account of the bureau: give the role to someone else first',
  },

  // Places
  area_not_found: { status: 404, zh: '没有这个区域', en: 'There is no such area' },
  site_not_found: { status: 404, zh: '没有这个投放点', en: 'There is no such site' },
  not_a_community: { status: 409, zh: '须填到社区一级', en: 'The area must be a community' },
  not_a_manager: { status: 409, zh: '此人员不是物业管理员', en: 'This person is not a property manager' },
  site_without_households: { status: 409, zh: '这类投放点没有住户', en: 'A site of this type has no households' },
  site_changed_meanwhile: {
    status: 409,
    zh: '住户名册刚被他人修改，请重试',
    en: 'The register was changed by someone else just now: try again',
  },
  site_too_large: { status: 409, zh: '一个投放点最多登记 20000 户', en: 'A site holds at most 20,000 households' },
  encoding_unknown: { status: 400, zh: '文件编码既不是 UTF-8 也不是 GB18030', en: 'The file is neither UTF-8 nor GB18030' },
  columns_missing: { status: 400, zh: '表头须有：楼栋、单元、房号、是否入住', en: 'The header must name: 楼栋, 单元, 房号, 是否入住' },
  csv_malformed: { status: 400, zh: '文件不是有效的 CSV', en: 'The file is not valid CSV' },

  // Sorting
  day_not_open: { status: 409, zh: '这一天不能登记或更改', en: 'That day is not open for check-ins' },
  batch_differs: { status: 409, zh: '这一批次已登记过不同的内容', en: 'This batch was logged with other content' },
  batch_undone: { status: 409, zh: '这一批次已被撤销', en: 'This batch has been undone' },
  batch_not_found: { status: 404, zh: '没有这一批次', en: 'There is no such batch' },

  // Rollups
  week_not_rolled_up: { status: 404, zh: '这一周还没有汇总', en: 'That week has not been rolled up' },
  week_not_closed: { status: 409, zh: '这一周尚未结账', en: 'That week is not closed' },
  revision_running: { status: 409, zh: '这一周的汇总正在进行', en: 'That week is being rolled up right now' },
} as const;
export type FailureCode = keyof typeof failures;

/**
 * A field of the request and the rule it broke: `path` is dotted (`householdNos.3`), `code` names the rule, `limit` its
 * bound, `unit` what the bound counts where that is not the value itself.
 */
export interface FieldFault {
  readonly path: string;
  readonly code: string;
  readonly limit?: number | string;
  readonly unit?: 'items' | 'characters';
}

/** A refusal that the route lists. Anything else thrown is a bug and becomes a 500. */
export class Failure extends Error {
  constructor(
    readonly code: FailureCode,
    readonly more: { readonly fields?: readonly FieldFault[]; readonly retryAfterSeconds?: number } = {},
  ) {
    super(code);
  }
}
