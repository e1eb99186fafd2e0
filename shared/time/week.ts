import * as z from 'zod/mini';
import { addDays } from './day.js';

/** ISO week of a city day: `weekOf('2027-01-01')` is `'2026-W53'`. Days are calendar days, so no zone is involved. */
export function weekOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7)); // the Thursday decides the year
  const days = (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000;
  return `${date.getUTCFullYear()}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
}

/** Monday of an ISO week. The fourth of January always lies in week one. */
export function mondayOf(week: string): string {
  const [year, number] = week.split('-W');
  const fourth = `${year}-01-04`;
  const weekday = new Date(`${fourth}T00:00:00Z`).getUTCDay() || 7;
  return addDays(fourth, (Number(number) - 1) * 7 - (weekday - 1));
}

/** The seven days of a week, Monday first. */
export function daysOf(week: string): string[] {
  const monday = mondayOf(week);
  return Array.from({ length: 7 }, (_, i) => addDays(monday, i));
}

/** The week `weeks` later, or earlier where negative. */
export function addWeeks(week: string, weeks: number): string {
  return weekOf(addDays(mondayOf(week), weeks * 7));
}

/** An ISO week of this century that exists: 2026 has a week 53, 2025 has none. */
export const Week = z.string().check(
  z.regex(/^20\d{2}-W\d{2}$/, { abort: true, error: 'iso_week' }),
  z.refine((week) => weekOf(mondayOf(week)) === week, { error: 'no_such_week' }),
);
