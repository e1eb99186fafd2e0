import { areaOf, liesWithin, streetOf } from '../city/areas.js';
import type { Caller } from '../http/contract.js';

/** The nine site types of the city's sorting office; the first two have households. */
export const siteTypes = [
  'estate',
  'urban_village',
  'agency',
  'school',
  'public_place',
  'industrial_park',
  'hotel',
  'catering',
  'office',
] as const;
export type SiteType = (typeof siteTypes)[number];
export const hasHouseholds = (siteType: SiteType) => siteType === 'estate' || siteType === 'urban_village';

/** A site's day is one number set in one item: past this it would outgrow what an item holds. */
export const mostHouseholds = 20_000;

interface SiteInArea {
  readonly areaCode: string;
  readonly manager: { readonly personId: string } | null;
}

/** Whose site is it? A manager's the sites handed over to them, an officer's those of the own street, the bureau's all. */
export function actsAt(caller: Caller, site: SiteInArea): boolean {
  if (caller.role === 'bureau') return true;
  if (caller.role === 'officer') return caller.areaCode !== undefined && liesWithin(site.areaCode, caller.areaCode);
  return caller.role === 'manager' && site.manager?.personId === caller.personId;
}

/** May this caller register a site there? The area must be a community of the city, and an officer's own street. */
export function mayRegisterAt(caller: Caller, areaCode: string): 'yes' | 'area_not_found' | 'not_a_community' {
  const area = areaOf(areaCode);
  if (!area || (caller.role === 'officer' && streetOf(areaCode) !== caller.areaCode)) return 'area_not_found';
  return area.level === 'community' ? 'yes' : 'not_a_community';
}

/** The area whose sites a caller may list, where they name none or one. Nothing where it is not theirs. */
export function areaToList(caller: Caller, areaCode: string | undefined, district: string): string | undefined {
  const own = caller.role === 'officer' ? caller.areaCode : district;
  if (areaCode === undefined) return own;
  return own !== undefined && areaOf(areaCode) && liesWithin(areaCode, own) ? areaCode : undefined;
}

/** Numbers that a list names twice, with their places in it. */
export function repeatedNumbers(households: readonly { readonly householdNo: number }[]): number[] {
  const seen = new Set<number>();
  return households.flatMap(({ householdNo }, i) => {
    if (seen.has(householdNo)) return [i];
    seen.add(householdNo);
    return [];
  });
}

/** When a hand-over counts from: now, yet always after the one before, since tenures are told apart by their beginning. */
export function handOverAt(now: Date, before: string | undefined): string {
  return new Date(Math.max(now.getTime(), before ? Date.parse(before) + 1 : 0)).toISOString();
}
