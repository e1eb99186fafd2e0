import { firstOpenWeek } from '../../../shared/sorting/rules.js';
import { addDays, cityDay } from '../../../shared/time/day.js';
import { mondayOf } from '../../../shared/time/week.js';

/** The days that can be logged now, oldest first: those of the open weeks that have come. */
export function openDays(now: Date): string[] {
  const today = cityDay(now);
  const days: string[] = [];
  for (let day = mondayOf(firstOpenWeek(now)); day <= today; day = addDays(day, 1)) days.push(day);
  return days;
}
