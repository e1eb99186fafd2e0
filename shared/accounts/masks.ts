import { areaOf } from '../city/areas.js';

/*
 * What is shown of a person wherever the whole is not needed (PIPL 51 (3), de-identification). How much stays is the habit
 * of Chinese government pages, no law's measure.
 */

/** Letters as they are seen: 𠮷 and é are one each. Made when used, since an old browser may lack it. */
const lettersOf = (text: string) =>
  Array.from(new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);

/** 王*明, 王*, J***. The stars do not count what they hide; a name of one letter is hidden whole. */
export function maskName(name: string): string {
  const isHan = /\p{Script=Han}/u.test(name);
  const letters = lettersOf(isHan ? name.replace(/\s/gu, '') : name.trim());
  if (letters.length < 2) return '*';
  if (!isHan) return `${letters[0]}***`;
  return letters.length === 2 ? `${letters[0]}*` : `${letters[0]}*${letters.at(-1)}`;
}

/** 138****8000, of an E.164 number. Of shorter numbers the last four at most and never more than half: +852****4567. */
export function maskPhone(phone: string): string {
  const [, head, tail] = /^(?:\+86)?(1\d{2})\d{4}(\d{4})$/.exec(phone) ?? [];
  if (head && tail) return `${head}****${tail}`;
  const code = /^\+(?:852|853|886|86)/.exec(phone)?.[0] ?? '';
  const digits = phone.slice(code.length).replace(/\D/g, '');
  return `${code}****${digits.slice(digits.length - Math.min(4, Math.floor(digits.length / 2)))}`;
}

/** 4****************1: the first and the last alone, which name neither county nor birthday. */
export function maskIdentity(number: string): string {
  const letters = lettersOf(number);
  return letters.length < 5 ? '*'.repeat(letters.length) : `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
}

/** 翠湖社区****: the community, and that there is a line. */
export function maskAddress({ areaCode, line }: { readonly areaCode: string; readonly line: string }): string {
  return `${areaOf(areaCode)?.name ?? ''}${line === '' ? '' : '****'}`;
}
