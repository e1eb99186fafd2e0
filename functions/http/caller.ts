import * as z from 'zod/mini';
import { AreaCode } from '../../shared/city/areas.js';
import { type Caller, roles } from '../../shared/http/contract.js';
import type { Keys } from '../platform/keys.js';

const Claims = z.object({ sub: z.uuid(), role: z.enum(roles), area: z.optional(AreaCode) });

/** What a token says of its bearer. */
export const claimsOf = ({ role, areaCode }: Caller) => ({ role, ...(areaCode ? { area: areaCode } : {}) });

/** Who calls, by the access token of `Authorization: Bearer`; nobody where there is none that holds. */
export async function callerOf(authorization: string | undefined, keys: Keys, now: Date): Promise<Caller | undefined> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const claims = Claims.safeParse(token && (await keys.verify(token, now)));
  if (!claims.success) return undefined;
  const { sub: personId, role, area } = claims.data;
  return { personId, role, ...(area ? { areaCode: area } : {}) };
}
