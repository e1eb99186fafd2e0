import { addDays, cityDay } from '../../../shared/time/day.js';
import { mondayOf, weekOf } from '../../../shared/time/week.js';

/** The week before stays open until Monday, 02:00 in the city, so that Sunday's late round can still be logged. */
const closesHours = 2;

/** The days that can be logged now, oldest first: those of the open weeks that have come. */
export function openDays(now: Date): string[] {
  const today = cityDay(now);
  const days: string[] = [];
  const firstWeek = weekOf(cityDay(new Date(now.getTime() - closesHours * 3_600_000)));
  for (let day = mondayOf(firstWeek); day <= today; day = addDays(day, 1)) days.push(day);
  return days;
}
