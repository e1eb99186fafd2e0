import { districtOf, streetOf } from '../city/areas.js';
import type { SiteType } from '../places/rules.js';
import type { Rate } from '../sorting/rules.js';
import { cityDay } from '../time/day.js';
import { addWeeks, weekOf } from '../time/week.js';
import type { Row } from './contract.js';

/** The weekly job closes the week before its scheduled time; the daily one counts the week in hand. */
export function weekOfRun(job: 'roll-up-week' | 'roll-up-day', scheduledAt: Date): string {
  const week = weekOf(cityDay(scheduledAt));
  return job === 'roll-up-week' ? addWeeks(week, -1) : week;
}

/** A week can be closed once its Sunday is over. */
export const weekIsOver = (week: string, now: Date) => week < weekOf(cityDay(now));

/** Sums over sites. `done` and `due` count only sites that reported: one that logged nothing is missing, not zero. */
export interface Figures extends Rate {
  readonly sitesDue: number;
  readonly sitesReporting: number;
}
const none: Figures = { done: 0, due: 0, sitesDue: 0, sitesReporting: 0 };
const add = (a: Figures, b: Figures): Figures => ({
  done: a.done + b.done,
  due: a.due + b.due,
  sitesDue: a.sitesDue + b.sitesDue,
  sitesReporting: a.sitesReporting + b.sitesReporting,
});

/** A site's week as counted: `reported` says whether anything was logged at all. */
export interface SiteWeek extends Rate {
  readonly siteId: string;
  readonly name: string;
  readonly siteType: SiteType;
  /** Its community. */
  readonly areaCode: string;
  readonly reported: boolean;
}

/** What a site adds to its areas. */
export function figuresOf(site: SiteWeek): Figures {
  return site.reported
    ? { done: site.done, due: site.due, sitesDue: 1, sitesReporting: 1 }
    : { done: 0, due: 0, sitesDue: 1, sitesReporting: 0 };
}

/** Figures by site type, so that a reader may ask for one type alone. */
export type FiguresByType = Partial<Record<SiteType, Figures>>;
export interface AreaWeek {
  readonly areaCode: string;
  readonly byType: FiguresByType;
}

/** An area's figures, of one site type or of all. */
export function sumOf(byType: FiguresByType, siteType?: SiteType): Figures {
  if (siteType) return byType[siteType] ?? none;
  return Object.values(byType).reduce(add, none);
}

/**
 * Adds sites up to communities, communities to streets, streets to the district: sums of numerators and of
 * denominators, never means of rates.
 */
export function sumUp(sites: readonly SiteWeek[]): Record<'district' | 'street' | 'community', AreaWeek[]> {
  const level = (codeOf: (areaCode: string) => string) => {
    const sums = new Map<string, Record<string, Figures>>();
    for (const site of sites) {
      const areaCode = codeOf(site.areaCode);
      const byType = sums.get(areaCode) ?? {};
      byType[site.siteType] = add(byType[site.siteType] ?? none, figuresOf(site));
      sums.set(areaCode, byType);
    }
    return [...sums].map(([areaCode, byType]) => ({ areaCode, byType })).sort((a, b) => a.areaCode.localeCompare(b.areaCode));
  };
  return { district: level(districtOf), street: level(streetOf), community: level((code) => code) };
}

/** `done ÷ due` rounded to four places, or null where nobody was due. */
export function shareOf({ done, due }: Rate): number | null {
  return due === 0 ? null : Math.round((done / due) * 10_000) / 10_000;
}

/** Best first. Equal rates share a rank (1, 2, 2, 4), compared as fractions; rows without a rate come last and have none. */
export function ranked(rows: readonly Omit<Row, 'rank'>[]): Row[] {
  const sorted = [...rows].sort((a, b) => {
    if (a.rate === null || b.rate === null) return Number(a.rate === null) - Number(b.rate === null) || byCode(a, b);
    return compare(b.participation, a.participation) || byCode(a, b);
  });
  let rank = 0;
  return sorted.map((row, i) => {
    const above = sorted[i - 1];
    if (!above || compare(above.participation, row.participation) !== 0) rank = i + 1;
    return { ...row, rank: row.rate === null ? null : rank };
  });
}
const compare = (a: Rate, b: Rate) => a.done * b.due - b.done * a.due;
const byCode = (a: Omit<Row, 'rank'>, b: Omit<Row, 'rank'>) =>
  a.areaCode.localeCompare(b.areaCode) || (a.siteId ?? '').localeCompare(b.siteId ?? '');
