import type { Batch } from '../../../functions/sorting/batches.js';
import { areas, streetOf } from '../../../shared/city/areas.js';
import { addDays, startOfDay } from '../../../shared/time/day.js';
import { daysOf } from '../../../shared/time/week.js';
import type { Chance } from './chance.js';
import type { DemoSite } from './city.js';

/** A street's people: how far above or below the city they sort, in general and week by week. */
export interface Mood {
  readonly usual: number;
  readonly ofWeek: readonly number[];
}
export function moodsOf(dice: Chance, weeks: number): ReadonlyMap<string, Mood> {
  const streets = areas.filter(({ level }) => level === 'street');
  return new Map(
    streets.map(({ areaCode }) => [
      areaCode,
      { usual: dice.share() * 0.24 - 0.12, ofWeek: Array.from({ length: weeks }, () => dice.share() * 0.08 - 0.04) },
    ]),
  );
}

/** How a site's people behave: what share sorts at all, and how often the site forgets to log. */
export interface Habit {
  readonly weekly: number;
  readonly silent: number;
  /** A household's own zeal, by number. */
  readonly zeal: readonly number[];
}

export function habitOf(dice: Chance, site: DemoSite, mood: Mood): Habit {
  const base = site.siteType === 'estate' ? 0.54 : 0.42;
  return {
    weekly: base + mood.usual + dice.share() * 0.25,
    silent: dice.happens(0.1) ? 0.25 : 0.01,
    zeal: site.households.map(() => 0.3 + dice.share() * 1.4),
  };
}

/** More people are in at the weekend. */
const weekday = [0.95, 0.92, 0.94, 0.96, 1, 1.12, 1.15];
const roundSize = 180;

/**
 * A site's rounds in a week, up to and with `lastDay`: each evening the households that came, in one batch or more.
 * `shift` is how far that week lies off the site's habit.
 */
export function roundsOf(dice: Chance, site: DemoSite, habit: Habit, week: string, shift: number, lastDay: string): Batch[] {
  if (dice.happens(habit.silent)) return [];
  const share = Math.max(0.1, Math.min(0.95, habit.weekly + shift));
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

/** Every week's rounds of a site, oldest week first. Participation has grown a little from week to week. */
export function historyOf(
  dice: Chance,
  site: DemoSite,
  moods: ReadonlyMap<string, Mood>,
  weeks: readonly string[],
  lastDay: string,
): Batch[] {
  const mood = moods.get(streetOf(site.areaCode)) as Mood;
  const habit = habitOf(dice, site, mood);
  return weeks.flatMap((week, i) =>
    roundsOf(dice, site, habit, week, (mood.ofWeek[i] as number) - (weeks.length - 1 - i) * 0.012, lastDay),
  );
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
