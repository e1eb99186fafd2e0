import { heldOn } from '../city/held.js';
import { sortingIsDue } from '../city/sorting.js';
import { cityDay, startOfDay } from '../time/day.js';
import { addWeeks, mondayOf, weekOf } from '../time/week.js';
import type { Rejected } from './contract.js';

/** `done` of `due` households. Divided only where it is shown. */
export interface Rate {
  readonly done: number;
  readonly due: number;
}

/** The numbers of a site's households: those lived in and those standing empty. */
export interface Roster {
  readonly occupied: ReadonlySet<number>;
  readonly vacant: ReadonlySet<number>;
}

/**
 * Participation (参与率): distinct occupied households with a check-in, of all occupied households. Of one day's set it
 * is the day rate, of a week's seven the weekly rate. The two windows are never mixed: a longer one inflates the rate.
 * @param days households checked in, a set a day
 * @param occupied households occupied at the close of the week
 */
export function participationOf(days: readonly ReadonlySet<number>[], occupied: ReadonlySet<number>): Rate {
  let done = 0;
  for (const no of occupied) if (days.some((day) => day.has(no))) done++;
  return { done, due: occupied.size };
}

/** Occupied households without a check-in, by number. */
export function notYet(days: readonly ReadonlySet<number>[], occupied: ReadonlySet<number>): number[] {
  return [...occupied].filter((no) => !days.some((day) => day.has(no))).sort((a, b) => a - b);
}

/** Which of a batch may check in; a vacated or unknown household may not, and says so. */
export function admit(householdNos: readonly number[], { occupied, vacant }: Roster): { admitted: number[]; rejected: Rejected[] } {
  const nos = [...new Set(householdNos)].sort((a, b) => a - b);
  return {
    admitted: nos.filter((no) => occupied.has(no)),
    rejected: nos
      .filter((no) => !occupied.has(no))
      .map((householdNo) => ({ householdNo, code: vacant.has(householdNo) ? 'not_occupied' : 'unknown_household' })),
  };
}

/**
 * A day can be logged from the start of compulsory sorting until its week is closed, and never ahead of time.
 * @param day and `today` are city days
 */
export function dayIsOpen(day: string, today: string, weekIsClosed: boolean): boolean {
  return day <= today && !weekIsClosed && heldOn(sortingIsDue, day) === true;
}

interface Batch {
  readonly admitted: ReadonlySet<number>;
  readonly undoneAt?: string | undefined;
}

/** The households that a day's batches leave checked in: the record from which the day's set can always be rebuilt. */
export function checkedInBy(batches: readonly Batch[]): Set<number> {
  return new Set(batches.filter(({ undoneAt }) => !undoneAt).flatMap(({ admitted }) => [...admitted]));
}

/** Is the round that was logged the one that is sent now? In whatever order, and however often a number stands in it. */
export function sameRound(
  logged: {
    readonly day: string;
    readonly source: string;
    readonly admitted: ReadonlySet<number>;
    readonly rejected: readonly { readonly householdNo: number }[];
  },
  sent: { readonly day: string; readonly source: string; readonly householdNos: readonly number[] },
): boolean {
  const nos = new Set([...logged.admitted, ...logged.rejected.map(({ householdNo }) => householdNo)]);
  const again = new Set(sent.householdNos);
  return logged.day === sent.day && logged.source === sent.source && nos.size === again.size && [...again].every((no) => nos.has(no));
}

/** Check-ins of a week are taken until the Monday after it, 02:00 in the city, so that Sunday's late round still counts. */
const closingHourMs = 2 * 3_600_000;
export const weekClosesAt = (week: string) => new Date(startOfDay(mondayOf(addWeeks(week, 1))).getTime() + closingHourMs);

/** The first week whose closing has not come yet. */
export const firstOpenWeek = (now: Date) => weekOf(cityDay(new Date(now.getTime() - closingHourMs)));
