import { type AreaLevel, areaOf, cityDistrict, levelOf } from '../../../shared/city/areas.js';
import { type SiteType, siteTypes } from '../../../shared/places/rules.js';
import type { Level } from '../../../shared/rollups/contract.js';
import { cityDay } from '../../../shared/time/day.js';
import { addWeeks, mondayOf, weekOf } from '../../../shared/time/week.js';
import { hashOf, type Place } from '../kit/route.js';

/** What the table shows. All of it stands in the fragment, so that a view can be sent to a colleague. */
export interface View {
  readonly week: string;
  readonly level: Level;
  readonly areaCode: string;
  readonly siteType: SiteType | undefined;
  /** An earlier revision; without it the newest. */
  readonly revision: string | undefined;
}

/** From the widest to the narrowest. */
export const levels = ['district', 'street', 'community', 'site'] as const satisfies readonly Level[];

/** The levels that an area has within it, and its own. */
export const levelsWithin = (areaCode: string): readonly Level[] => levels.slice(levels.indexOf(levelOf(areaCode)));

/** One step down from an area: a district's streets, a street's communities, a community's sites. */
const below: Readonly<Record<AreaLevel, Level>> = { district: 'street', street: 'community', community: 'site' };
export const levelBelow = (areaCode: string): Level => below[levelOf(areaCode)];

/** How many weeks back the choice goes, and how many the trend shows. */
const weeksBack = 52;
export const trendWeeks = 12;

export const weeksToChoose = (now: Date): string[] => {
  const current = weekOf(cityDay(now));
  return Array.from({ length: weeksBack + 1 }, (_, i) => addWeeks(current, -i));
};

/** The view that a fragment names. Whatever makes no sense in it gives way to last week's streets. */
export function viewOf({ path, query }: Place, home: string | undefined, now: Date): View {
  const named = path[0] === 'weeks' ? path[1] : undefined;
  const week = named && /^\d{4}-W\d{2}$/.test(named) && weekOf(mondayOf(named)) === named ? named : addWeeks(weekOf(cityDay(now)), -1);
  const areaCode = query.area && areaOf(query.area) ? query.area : (home ?? cityDistrict.areaCode);
  const level = levelsWithin(areaCode).find((known) => known === query.level) ?? levelBelow(areaCode);
  return {
    week,
    level,
    areaCode,
    siteType: siteTypes.find((known) => known === query.type),
    revision: query.revision && /^\d{1,6}$/.test(query.revision) ? query.revision : undefined,
  };
}

export const hashOfView = ({ week, level, areaCode, siteType, revision }: View): string =>
  hashOf(['weeks', week], { area: areaCode, level, type: siteType, revision });

/** The area and those around it, widest first: 光明区, 光明街道, 翠湖社区. */
export function linesOf(areaCode: string): { areaCode: string; name: string }[] {
  return [6, 9, 12]
    .filter((length) => length <= areaCode.length)
    .map((length) => areaCode.slice(0, length))
    .map((code) => ({ areaCode: code, name: areaOf(code)?.name ?? code }));
}
