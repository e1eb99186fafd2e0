import type { Problem } from './contract.js';
import { type Failure, type FieldFault, failures } from './failures.js';

export type Language = 'zh-CN' | 'en';

/** Chinese unless the reader's first choice is English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  return /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'zh-CN';
}

/** The rule a field broke, in words. `limit` is the bound the rule names. */
const fieldWords: Record<string, (limit: string) => readonly [zh: string, en: string]> = {
  required: () => ['必填', 'is required'],
  invalid_type: (limit) => [`类型应为 ${limit}`, `must be of type ${limit}`],
  too_small: (limit) => [`不得小于或少于 ${limit}`, `must not be less than ${limit}`],
  too_big: (limit) => [`不得大于或多于 ${limit}`, `must not be more than ${limit}`],
  invalid_format: (limit) => [`格式不符（${limit}）`, `does not have the format ${limit}`],
  invalid_value: (limit) => [`只能是 ${limit}`, `must be one of ${limit}`],
  unrecognized_keys: () => ['没有这个字段', 'is not a known field'],
  invalid_phone: () => ['不是有效的手机号', 'is not a valid phone number'],
  no_such_week: () => ['这一年没有这一周', 'names a week that the year does not have'],
  street_of_officer: () => ['街道人员须填街道代码，其他身份不填', 'is the street of an officer, and of nobody else'],
  repeated: () => ['重复出现', 'stands more than once in the list'],
  after_to: () => ['起始周晚于结束周', 'lies after the last week'],
  span_too_long: (limit) => [`最多 ${limit} 周`, `spans more than ${limit} weeks`],
};

/** A field's fault in words; a rule without words of its own is named by its code. */
export function wordsOf({ path, code, limit }: FieldFault, language: Language): string {
  const [zh, en] = fieldWords[code]?.(String(limit ?? '')) ?? [code, code];
  return language === 'en' ? `${path || 'body'} ${en}` : `${path || '内容'}：${zh}`;
}

/** The refusal as RFC 9457 writes it. */
export function problemOf({ code, more }: Failure, language: Language): Problem {
  const { status, zh, en } = failures[code];
  const title = language === 'en' ? en : zh;
  const fields = more.fields?.map((fault) => ({ ...fault, message: wordsOf(fault, language) }));
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail: fields
      ? `${title}${language === 'en' ? ': ' : '：'}${fields.map(({ message }) => message).join(language === 'en' ? '; ' : '；')}`
      : title,
    ...(fields ? { fields } : {}),
  };
}
