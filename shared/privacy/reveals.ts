import { streetOf } from '../city/areas.js';
import type { Caller } from '../http/contract.js';

/** Where a person lives and manages, as communities. */
export interface Whereabouts {
  readonly homeAreaCode?: string | undefined;
  readonly siteAreaCodes: readonly string[];
}

/** May this caller see a person unmasked, for a reason given? The bureau, and an officer whose street it is. */
export function mayReveal({ role, areaCode }: Pick<Caller, 'role' | 'areaCode'>, { homeAreaCode, siteAreaCodes }: Whereabouts): boolean {
  if (role === 'bureau') return true;
  if (role !== 'officer' || !areaCode) return false;
  return [homeAreaCode, ...siteAreaCodes].some((code) => code !== undefined && streetOf(code) === areaCode);
}

/** What was revealed is covered again after this long. */
export const revealSeconds = 600;

/** From this many in a window on, one caller's reveals are a bulk that the bureau hears of. Set by the bureau; no law found. */
export const bulkReveals = { most: 20, windowSeconds: 3600 } as const;

/** Past this many a caller is refused. Set by the bureau; no law found. */
export const revealLimit = { most: 60, windowSeconds: 3600 } as const;
