import * as z from 'zod/mini';
import divisions from './divisions.json' with { type: 'json' };

/** District, street or community: 6, 9 or 12 digits, each beginning with its parent's. */
export const AreaCode = z.string().check(z.regex(/^\d{6}(\d{3}){0,2}$/, { error: 'area_code' }));
export const areaLevels = ['district', 'street', 'community'] as const;
export type AreaLevel = (typeof areaLevels)[number];

export interface Area {
  readonly areaCode: string;
  readonly name: string;
  readonly level: AreaLevel;
  /** The district has none. */
  readonly parentCode: string | null;
}

/** The code says its level by its length. */
export function levelOf(areaCode: string): AreaLevel {
  return areaCode.length === 6 ? 'district' : areaCode.length === 9 ? 'street' : 'community';
}
export const streetOf = (areaCode: string) => areaCode.slice(0, 9);
export const districtOf = (areaCode: string) => areaCode.slice(0, 6);

/** Is `inner` the area itself or part of it? */
export const liesWithin = (inner: string, outer: string) => inner.startsWith(outer);

export const areas: readonly Area[] = divisions.areas.map(({ areaCode, name }) => ({
  areaCode,
  name,
  level: levelOf(areaCode),
  parentCode: areaCode.length === 6 ? null : areaCode.slice(0, -3),
}));
const byCode = new Map(areas.map((area) => [area.areaCode, area]));

/** The area of a code, if the city has it. */
export const areaOf = (areaCode: string): Area | undefined => byCode.get(areaCode);

/** The district the service is run for. */
export const cityDistrict = areas[0] as Area;
