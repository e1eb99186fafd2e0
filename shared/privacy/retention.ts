import type { Language } from '../http/problem.js';
import { addDays, cityDay, startOfDay } from '../time/day.js';

type Both = Readonly<Record<Language, string>>;
/** `keepDays` or `keepYears`, never both. */
type Period = { readonly keepDays: number; readonly keepYears?: never } | { readonly keepYears: number; readonly keepDays?: never };

/** A class of records: where they lie, how long they are kept, counted from which moment, and on whose word. */
export type Retention = Period & { readonly table: string; readonly what: Both; readonly since: Both; readonly basis: Both };

/** PIPL 19 asks for the shortest time that the purpose needs; where no law names a time, the bureau does, and says so. */
const ours: Both = { 'zh-CN': '由本局设定；未找到法律规定的期限', en: 'Set by the bureau; no law found that names a period' };
const article56 = (zh: string, en: string): Both => ({
  'zh-CN': `《个人信息保护法》第五十六条：处理情况记录至少保存三年${zh}`,
  en: `PIPL article 56: records of processing are kept for at least three years${en}`,
});

export const retention = {
  sign_in_state: {
    table: 'sessions',
    // They expire within minutes, or a day, and nothing reads them then; the database erases them a little later.
    keepDays: 2,
    what: { 'zh-CN': '登录验证码和登录状态', en: 'Sign-in codes and the state of a sign-in' },
    since: { 'zh-CN': '失效', en: 'the day they expire' },
    basis: ours,
  },
  expired: {
    table: 'limits',
    // Counters of calls, reveals, access to WeChat, runs of the sender: each carries the moment until which it is of use.
    keepDays: 0,
    what: {
      'zh-CN': '短时记录（计数、临时查看、发送任务等）',
      en: 'What is made for a short time (counters, reveals, runs of the sender)',
    },
    since: { 'zh-CN': '失效', en: 'the day it expires' },
    basis: ours,
  },
  sessions: {
    table: 'sessions',
    // A session that its person ends goes at once.
    keepDays: 30,
    what: { 'zh-CN': '各处的登录', en: 'Where you are signed in' },
    since: { 'zh-CN': '最后一次使用该登录', en: 'the day that sign-in was last used' },
    basis: ours,
  },
  sent_messages: {
    table: 'messages',
    keepDays: 180,
    what: { 'zh-CN': '已发送的消息', en: 'Messages sent to you' },
    since: { 'zh-CN': '发送', en: 'the day they are sent' },
    basis: ours,
  },
  consents: {
    table: 'privacy',
    keepYears: 3,
    what: { 'zh-CN': '您的同意与撤回记录', en: 'The record of what you agreed to and withdrew' },
    since: { 'zh-CN': '被新的决定取代、撤回或账号删除', en: 'the day it is replaced or withdrawn or your account is erased' },
    basis: article56('；用于证明同意，期限由本局比照设定', '; as proof of consent (articles 14 and 15) the bureau keeps these as long'),
  },
  audit: {
    table: 'audit',
    keepYears: 3,
    what: { 'zh-CN': '工作人员的操作记录', en: 'The record of what staff did' },
    since: { 'zh-CN': '操作', en: 'the day it is done' },
    basis: article56('', ''),
  },
  reveals: {
    table: 'audit',
    keepYears: 3,
    what: { 'zh-CN': '工作人员查看完整信息的记录', en: 'The record of who saw your data unmasked, and why' },
    since: { 'zh-CN': '查看', en: 'the day they were seen' },
    basis: article56('', ''),
  },
  check_ins: {
    table: 'sorting',
    keepYears: 3,
    what: { 'zh-CN': '分类投放登记', en: 'Sorting check-ins' },
    since: { 'zh-CN': '登记', en: 'the day they are logged' },
    basis: ours,
  },
  job_runs: {
    table: 'jobs',
    keepYears: 1,
    what: { 'zh-CN': '后台任务的运行记录', en: 'The record of scheduled jobs' },
    since: { 'zh-CN': '运行结束', en: 'the day they end' },
    basis: ours,
  },
  purge_certificates: {
    table: 'privacy',
    keepYears: 10,
    what: { 'zh-CN': '销毁证明（不含个人信息）', en: 'Certificates of what was purged (without personal data)' },
    since: { 'zh-CN': '出具', en: 'the day they are issued' },
    basis: ours,
  },
  inactive_accounts: {
    table: 'accounts',
    keepYears: 3,
    what: { 'zh-CN': '居民账号及其资料', en: 'A resident’s account and what belongs to it' },
    since: { 'zh-CN': '最后一次登录', en: 'the day of the last sign-in' },
    basis: ours,
  },
} as const satisfies Readonly<Record<string, Retention>>;
export type RetentionClass = keyof typeof retention;

/**
 * Records from before this instant are due: those whose last day is over. Civil Code 201 to 203: the day something happens
 * does not count; a period in years ends with the same date, or with the last of the month where there is none; and a last
 * day lasts until midnight, the city's. As text it compares with kept instants.
 */
export function cutoff(name: RetentionClass, now: Date): string {
  const { keepDays, keepYears }: Retention = retention[name];
  const today = cityDay(now);
  return startOfDay(keepYears === undefined ? addDays(today, -(keepDays ?? 0)) : yearsBefore(today, keepYears)).toISOString();
}

/** The first day whose period has not ended: 29 February goes back to 1 March of a common year, since the 28th ended yesterday. */
function yearsBefore(day: string, years: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCFullYear(at.getUTCFullYear() - years);
  return at.toISOString().slice(0, 10);
}

/** May a record go? One whose instant cannot be read stays. */
export function isDue(name: RetentionClass, at: string, now: Date): boolean {
  return Date.parse(at) < Date.parse(cutoff(name, now));
}

/** The period in words; the notices are made of them. */
export function keptWords(name: RetentionClass, language: Language): string {
  const { keepDays, keepYears, what, since }: Retention = retention[name];
  const count = keepYears ?? keepDays;
  if (count === 0)
    return language === 'zh-CN'
      ? `${what[language]}：${since[language]}当日结束即删除。`
      : `${what[language]}: erased once ${since[language]} is over.`;
  if (language === 'zh-CN') return `${what[language]}：自${since[language]}之日起保存 ${count} ${keepYears ? '年' : '天'}，期满删除。`;
  const unit = `${keepYears ? 'year' : 'day'}${count === 1 ? '' : 's'}`;
  return `${what[language]}: kept for ${count} ${unit} from ${since[language]}, then erased.`;
}
