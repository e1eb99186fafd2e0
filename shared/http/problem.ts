import type { Problem } from './contract.js';
import { type Failure, type FieldFault, failures } from './failures.js';

export type Language = 'zh-CN' | 'en';

/** Chinese unless the reader's first choice is English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  return /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'zh-CN';
}

type Words = readonly [zh: string, en: string];
/** The rule a field broke, in words. */
const fieldWords: Record<string, (fault: { limit: string; unit: FieldFault['unit'] }) => Words> = {
  required: () => ['必填', 'is required'],
  invalid_type: ({ limit }) => [`应为${typeNames[limit]?.[0] ?? limit}`, `must be ${typeNames[limit]?.[1] ?? limit}`],
  too_small: ({ limit, unit }) => [`至少 ${limit}${unit ? units[unit][0] : ''}`, `must be at least ${limit}${unit ? units[unit][1] : ''}`],
  too_big: ({ limit, unit }) => [`最多 ${limit}${unit ? units[unit][0] : ''}`, `must be at most ${limit}${unit ? units[unit][1] : ''}`],
  invalid_format: ({ limit }) => [`应写作 ${shapes[limit] ?? limit}`, `must be written as ${shapes[limit] ?? limit}`],
  iso_week: () => ['应写作 2026-W48', 'must be written as 2026-W48'],
  area_code: () => ['应为 6、9 或 12 位区划代码', 'must be an area code of 6, 9 or 12 digits'],
  whole_number: () => ['应为整数', 'must be a whole number'],
  six_digits: () => ['应为 6 位数字', 'must be six digits'],
  invalid_value: ({ limit }) => [`只能是 ${limit}`, `must be one of ${limit}`],
  unrecognized_keys: () => ['没有这个字段', 'is not a known field'],
  not_well_formed: () => ['含有不完整的字符', 'contains half a character'],
  control_characters: () => ['含有控制字符', 'contains control characters'],
  nothing_visible: () => ['没有可见的文字', 'has nothing to see in it'],
  invalid_phone: () => ['不是可用的手机号', 'is not a mobile number that can sign in'],
  no_such_week: () => ['这一年没有这一周', 'names a week that the year does not have'],
  street_of_officer: () => ['街道人员须填街道代码，其他身份不填', 'is the street of an officer, and of nobody else'],
  repeated: () => ['重复出现', 'stands more than once in the list'],
  after_to: () => ['起始周晚于结束周', 'lies after the last week'],
  own_phone: () => ['须是监护人自己的手机号', 'must be the guardian’s own phone'],
  personal_number: () => ['请不要写手机号或证件号', 'must not hold a phone or document number'],
  own_path: () => ['应为本服务的页面地址，以 / 开头', 'must be a path of this service, beginning with /'],
  one_of_two: () => ['不能与 personId 同时使用', 'cannot be given together with personId'],
  id_old_15_digits: () => [
    '15 位旧身份证号已于 2013 年停止使用，请填写 18 位号码',
    'is an old 15-digit number, which ended in 2013: give the 18 digits',
  ],
  id_length: () => ['应为 18 位', 'must have 18 characters'],
  id_characters: () => ['应为 17 位数字加 1 位数字或 X', 'must be 17 digits and then a digit or X'],
  id_check_digit: () => ['校验位不符，请核对是否有误输', 'does not match its check digit: look for a mistyped digit'],
  id_area: () => [
    '前六位不是内地的地区代码；港澳台居民请选居住证，外国人请选永久居留身份证',
    'does not begin with a mainland area code: choose the residence permit or the permanent resident card if that is yours',
  ],
  permit_area: () => ['居住证号码应以 810000、820000 或 830000 开头', 'must begin with 810000, 820000 or 830000'],
  id_birth_date: () => [
    '其中的出生日期不存在、早于 1900 年或晚于今天',
    'holds a birth date that does not exist, lies before 1900 or lies in the future',
  ],
  passport_format: () => ['护照号码应为 5 至 9 位字母和数字', 'must be 5 to 9 letters and digits'],
  card_format: () => [
    '应为 3 个字母加 12 位数字，或以 9 开头的 18 位号码',
    'must be 3 letters and 12 digits, or 18 characters beginning with 9',
  ],
  span_too_long: ({ limit }) => [`最多 ${limit} 周`, `spans more than ${limit} weeks`],
};
const units: Record<NonNullable<FieldFault['unit']>, Words> = { items: [' 项', ' items'], characters: [' 个字符', ' characters'] };
const typeNames: Record<string, Words> = {
  string: ['文字', 'text'],
  number: ['数字', 'a number'],
  int: ['整数', 'a whole number'],
  boolean: ['是或否', 'true or false'],
  array: ['列表', 'a list'],
  object: ['对象', 'an object'],
};
const shapes: Record<string, string> = {
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  date: '2026-11-24',
  datetime: '2026-11-24T04:00:00Z',
};

/** A field's fault in words, to stand beside the field; a rule without words of its own is named by its code. */
export function wordsOf({ code, limit, unit }: FieldFault, language: Language): string {
  const [zh, en] = fieldWords[code]?.({ limit: String(limit ?? ''), unit }) ?? [code, code];
  return language === 'en' ? en : zh;
}

/** The refusal as RFC 9457 writes it. */
export function problemOf({ code, more }: Failure, language: Language): Problem {
  const { status, zh, en } = failures[code];
  const title = language === 'en' ? en : zh;
  const named = ({ path, message }: { path: string; message: string }) =>
    language === 'en' ? `${path || 'body'} ${message}` : `${path || '内容'}：${message}`;
  const fields = more.fields?.map((fault) => ({ ...fault, message: wordsOf(fault, language) }));
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail: fields ? `${title}${language === 'en' ? ': ' : '：'}${fields.map(named).join(language === 'en' ? '; ' : '；')}` : title,
    ...(fields ? { fields } : {}),
  };
}
