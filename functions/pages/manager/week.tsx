import { daysOf } from '../../../shared/time/week.js';
import { dayWords, percentOf, weekdayWords, weekWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { language, useWords } from '../kit/preferences.js';
import { useToday } from '../kit/today.js';
import type { SiteWeek } from './site.js';
import { managerWords } from './words.js';

/** Participation so far, and each day's count as a table: seven narrow columns that a phone holds. */
export function WeekSoFar({ week }: { week: SiteWeek }) {
  const words = useWords(managerWords);
  const tongue = useHeld(language);
  const today = useToday();
  const { done, due } = week.participation;
  const byDay = new Map(week.days.map(({ day, participation }) => [day, participation]));
  return (
    <section class="week" aria-labelledby="week-title">
      <h2 id="week-title">
        {words.week} <span class="weak">{weekWords(week.week, tongue)}</span>
      </h2>
      {week.status === 'closed' && <p class="tag">{words.weekClosed}</p>}
      <p class="week__rate">
        <strong>{percentOf(week.participation) ?? words.nobodyDue}</strong> <span>{words.participation(done, due)}</span>
      </p>
      {due > 0 && <progress class="week__bar" value={done} max={due} aria-labelledby="week-title" />}
      <table class="week__days">
        <caption>{words.daysCaption}</caption>
        <thead>
          <tr>
            {daysOf(week.week).map((day) => (
              <th key={day} scope="col">
                <abbr title={dayWords(day, tongue)}>{weekdayWords(day, tongue)}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {daysOf(week.week).map((day) => (
              <td key={day}>{day <= today ? (byDay.get(day)?.done ?? 0) : <span class="weak">–</span>}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}
