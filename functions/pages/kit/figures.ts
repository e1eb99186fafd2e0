import type { Language } from '../../../shared/http/problem.js';
import type { Rate } from '../../../shared/sorting/rules.js';
import { daysOf } from '../../../shared/time/week.js';

/** 138 0013 8000, as it is read out; a number from elsewhere stays as it is. */
export const phoneWords = (phone: string): string => phone.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3');

/** 74.4%, or nothing where nobody is due. */
export const percentOf = ({ done, due }: Rate): string | undefined => (due === 0 ? undefined : percent(done / due));
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** 11月24日. A day has no zone: it is read as UTC and shown as UTC. */
export const dayWords = (day: string, language: Language) =>
  new Intl.DateTimeFormat(language, { month: language === 'en' ? 'short' : 'long', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

export const weekdayWords = (day: string, language: Language, weekday: 'short' | 'narrow' = 'short') =>
  new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

/** 2026 年第 47 周（11月16日 – 11月22日） */
export function weekWords(week: string, language: Language): string {
  const days = daysOf(week);
  const span = `${dayWords(days[0] as string, language)} – ${dayWords(days[6] as string, language)}`;
  const number = weekNumberWords(week, language);
  return language === 'en' ? `${number} (${span})` : `${number}（${span}）`;
}

/** 2026 年第 47 周, where the days have no room. */
export function weekNumberWords(week: string, language: Language): string {
  const [year, number] = week.split('-W');
  return language === 'en' ? `Week ${Number(number)} of ${year}` : `${year} 年第 ${Number(number)} 周`;
}

/** An instant on the city's clock, wherever the reader is. */
export const instantWords = (at: string, language: Language) =>
  new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: 'Asia/Shanghai',
  }).format(new Date(at));
