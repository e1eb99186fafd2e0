/** A reply of WeChat's servers: always HTTP 200, its outcome in `errcode`. */
export type Reply = Readonly<Record<string, unknown>>;

const errors = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40163: 'code been used',
  42001: 'access_token expired',
  43004: 'require subscribe',
  47001: 'data format error',
} as const;

export const refused = (errcode: keyof typeof errors): Reply => ({ errcode, errmsg: errors[errcode] });
