import { createHash } from 'node:crypto';
import type { Document } from '../../shared/http/contract.js';
import type { Language } from '../../shared/http/problem.js';
import type { Holding } from '../../shared/privacy/holdings.js';
import type { HeldRecord } from '../platform/holder.js';

export interface PersonalData {
  readonly personId: string;
  readonly at: string;
  readonly held: readonly (Holding & { readonly table: string; readonly records: readonly HeldRecord[] })[];
}

const style = `body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;color:#1a1a1a;background:#fff;max-width:48rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .25rem;border-top:1px solid #ccc;padding-top:1rem}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.15rem 1rem;margin:.75rem 0;padding:.5rem .75rem;background:#f4f6f4}
dt{color:#444}dd{margin:0;overflow-wrap:anywhere}.after{color:#444}
@media print{dl{break-inside:avoid}}`;
const styleHash = createHash('sha256').update(style).digest('base64');

const words = {
  'zh-CN': {
    title: '关于我的全部信息',
    at: (at: string) => `导出时间：${at}。编号是您在本服务中的内部编号。`,
    none: '没有记录',
    count: (n: number) => `${n} 条`,
    afterwards: '注销账号后：',
    erased: '立即删除',
    pseudonymised: '保留，但不再指向您',
    expires: '自动到期删除',
    nothing: '不涉及',
  },
  en: {
    title: 'Everything held about me',
    at: (at: string) => `Exported at ${at}. The number is your own within this service.`,
    none: 'No records',
    count: (n: number) => (n === 1 ? 'One record' : `${n} records`),
    afterwards: 'If you erase your account: ',
    erased: 'erased at once',
    pseudonymised: 'kept, but leading to you no longer',
    expires: 'goes by itself',
    nothing: 'not concerned',
  },
} satisfies Record<Language, unknown>;

/** What the fields of records are called. A field without words of its own is shown by its name. */
const fieldWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  role: ['身份', 'role'],
  areaCode: ['区域代码', 'area code'],
  name: ['姓名', 'name'],
  phone: ['手机号', 'phone'],
  wechatLinked: ['已绑定微信', 'WeChat linked'],
  identity: ['证件', 'document'],
  home: ['住址', 'home'],
  line: ['详细地址', 'address'],
  kind: ['类型', 'kind'],
  number: ['号码', 'number'],
  createdAt: ['时间', 'at'],
  sessionId: ['登录编号', 'session'],
  way: ['登录方式', 'way in'],
  device: ['设备', 'device'],
  startedAt: ['开始时间', 'since'],
  lastUsedAt: ['最后使用', 'last used'],
  expiresAt: ['到期时间', 'until'],
  purpose: ['用途', 'purpose'],
  version: ['告知书版本', 'version of the notice'],
  agreed: ['同意', 'agreed'],
  at: ['时间', 'at'],
  guardian: ['监护人', 'guardian'],
  relation: ['关系', 'relation'],
  choice: ['接收方式', 'how I am told'],
  channels: ['渠道', 'by'],
  language: ['语言', 'language'],
  status: ['状态', 'state'],
  text: ['内容', 'text'],
  action: ['事项', 'what was done'],
  byMe: ['由我作出', 'by me'],
  reason: ['理由', 'reason'],
  fields: ['查看的内容', 'what was seen'],
  before: ['之前的身份', 'role before'],
  areaBefore: ['之前的区域', 'area before'],
  phoneChanged: ['更换了手机号', 'phone changed'],
  siteId: ['投放点编号', 'site'],
  organisation: ['单位', 'organisation'],
  sinceAt: ['开始时间', 'since'],
  untilAt: ['结束时间', 'until'],
  batchId: ['批次编号', 'batch'],
  day: ['日期', 'day'],
  source: ['登记方式', 'how it was logged'],
  households: ['户数', 'households'],
  loggedAt: ['登记时间', 'logged at'],
  undoneAt: ['撤销时间', 'undone at'],
  undoReason: ['撤销理由', 'reason of undoing'],
  week: ['周', 'week'],
  revision: ['修订号', 'revision'],
  closedAt: ['结账时间', 'closed at'],
  format: ['格式', 'format'],
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const named = (field: string, language: Language) => fieldWords[field]?.[language === 'en' ? 1 : 0] ?? field;
const instant = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A value as a person reads it: instants by the city's clock, yes and no in words, parts of a whole by their names. */
function shown(value: unknown, language: Language): string {
  if (value === undefined || value === null) return '—';
  if (typeof value === 'boolean') return { 'zh-CN': value ? '是' : '否', en: value ? 'yes' : 'no' }[language];
  if (typeof value === 'string' && instant.test(value)) return clocks[language].format(new Date(value));
  if (typeof value !== 'object') return String(value);
  const parts = Object.entries(value).map(([field, part]) => `${named(field, language)} ${shown(part, language)}`);
  return parts.join(language === 'en' ? '; ' : '；');
}
const clockOf = (language: Language) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Shanghai' });
const clocks: Readonly<Record<Language, Intl.DateTimeFormat>> = { 'zh-CN': clockOf('zh-CN'), en: clockOf('en') };

/** Everything held about a person as a page to read or print; no script, nothing from elsewhere. */
export function dataPage({ personId, at, held }: PersonalData, language: Language): Document {
  const say = words[language];
  const recordOf = (record: HeldRecord) =>
    `<dl>${Object.entries(record)
      .map(([name, value]) => `<dt>${escaped(named(name, language))}</dt><dd>${escaped(shown(value, language))}</dd>`)
      .join('')}</dl>`;
  const sectionOf = ({ what, onErasure, why, records }: PersonalData['held'][number]) =>
    `<section><h2>${escaped(what[language])}</h2><p>${records.length ? say.count(records.length) : say.none}</p>
${records.map(recordOf).join('\n')}
<p class="after">${say.afterwards}${say[onErasure]}${language === 'en' ? '. ' : '。'}${escaped(why[language])}</p></section>`;
  const text = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say.title}</title><style>${style}</style></head>
<body><main><h1>${say.title}</h1><p>${say.at(escaped(shown(at, language)))} <code>${escaped(personId)}</code></p>
${held.map(sectionOf).join('\n')}
</main></body></html>`;
  return { type: 'text/html', text, styleHash };
}
