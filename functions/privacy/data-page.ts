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

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const shown = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '—'));

/** Everything held about a person as a page to read or print; no script, nothing from elsewhere. */
export function dataPage({ personId, at, held }: PersonalData, language: Language): Document {
  const say = words[language];
  const recordOf = (record: HeldRecord) =>
    `<dl>${Object.entries(record)
      .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(shown(value))}</dd>`)
      .join('')}</dl>`;
  const sectionOf = ({ what, onErasure, why, records }: PersonalData['held'][number]) =>
    `<section><h2>${escaped(what[language])}</h2><p>${records.length ? say.count(records.length) : say.none}</p>
${records.map(recordOf).join('\n')}
<p class="after">${say.afterwards}${say[onErasure]}${language === 'en' ? '. ' : '。'}${escaped(why[language])}</p></section>`;
  const text = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say.title}</title><style>${style}</style></head>
<body><main><h1>${say.title}</h1><p>${say.at(escaped(at))} <code>${escaped(personId)}</code></p>
${held.map(sectionOf).join('\n')}
</main></body></html>`;
  return { type: 'text/html', text, styleHash };
}
