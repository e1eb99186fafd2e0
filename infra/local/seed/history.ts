import type { Batch } from '../../../functions/sorting/store.js';
import { addDays, startOfDay } from '../../../shared/time/day.js';
import { daysOf } from '../../../shared/time/week.js';
import type { Chance } from './chance.js';
import type { DemoSite } from './city.js';

/** How a site's people behave: what share sorts at all, and how often the site forgets to log. */
export interface Habit {
  readonly weekly: number;
  readonly silent: number;
  /** A household's own zeal, by number. */
  readonly zeal: readonly number[];
}

export function habitOf(dice: Chance, site: DemoSite): Habit {
  const base = site.siteType === 'estate' ? 0.62 : 0.5;
  return {
    weekly: base + dice.share() * 0.25,
    silent: dice.happens(0.1) ? 0.25 : 0.01,
    zeal: site.households.map(() => 0.3 + dice.share() * 1.4),
  };
}

/** More people are in at the weekend. */
const weekday = [0.95, 0.92, 0.94, 0.96, 1, 1.12, 1.15];
const roundSize = 180;

/**
 * A site's rounds in a week, up to and with `lastDay`: each evening the households that came, in one or two batches.
 * `age` is how many weeks ago it was: participation has grown a little since.
 */
export function roundsOf(dice: Chance, site: DemoSite, habit: Habit, week: string, age: number, lastDay: string): Batch[] {
  if (dice.happens(habit.silent)) return [];
  const share = Math.min(0.95, habit.weekly - age * 0.015);
  const perDay = 1 - (1 - share) ** (1 / 4.6);
  return daysOf(week)
    .filter((day) => day <= lastDay)
    .flatMap((day, i) => {
      const came = site.households
        .filter(({ occupied }, at) => occupied && dice.happens(perDay * (weekday[i] as number) * (habit.zeal[at] as number)))
        .map(({ householdNo }) => householdNo);
      return batchesOf(dice, site, day, came);
    });
}

function batchesOf(dice: Chance, site: DemoSite, day: string, came: readonly number[]): Batch[] {
  const rounds = Array.from({ length: Math.ceil(came.length / roundSize) }, (_, n) => came.slice(n * roundSize, (n + 1) * roundSize));
  return rounds.map((households, n) => ({
    batchId: dice.uuid(),
    day,
    source: n === 0 ? 'list' : 'scan',
    admitted: new Set(households),
    rejected: [],
    loggedBy: site.manager.personId,
    // After the evening's hours, 21:00 to 21:59 in the city.
    loggedAt: new Date(startOfDay(addDays(day, 1)).getTime() - 3 * 3_600_000 + dice.whole(0, 3_599) * 1000).toISOString(),
  }));
}
