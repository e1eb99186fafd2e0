import type { Dated } from './held.js';

/** Since when households must sort, and so since when a check-in can have a day. */
export const sortingIsDue: readonly Dated<true>[] = [
  { value: true, from: '2020-09-01', source: '深圳市生活垃圾分类管理条例', confidence: 'high' },
];
