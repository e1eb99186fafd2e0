import * as z from 'zod/mini';
import { AreaCode } from '../../shared/city/areas.js';
import { type Caller, roles } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import { stillHolds } from '../../shared/sessions/rules.js';
import type { Tokens } from '../platform/tokens.js';
import type { SignedIn } from './standing.js';

const Claims = z.object({ sub: z.uuid(), role: z.enum(roles), area: z.optional(AreaCode), sid: z.uuid() });

/** What a token says of its bearer, beside who it is. */
export const claimsOf = ({ role, areaCode, sessionId }: Caller) => ({ role, sid: sessionId, ...(areaCode ? { area: areaCode } : {}) });

/**
 * Who calls, by the access token of `Authorization: Bearer`; nobody where there is none that holds. A token lives no
 * longer than its session, and no longer than the role it names.
 */
export async function callerOf(
  authorization: string | undefined,
  { tokens, standingOf, now }: { tokens: Tokens; standingOf: (personId: string) => Promise<SignedIn | undefined>; now: Date },
): Promise<Caller | undefined> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const claims = Claims.safeParse(token && (await tokens.verify(token, now)));
  if (!claims.success) return undefined;
  const { sub: personId, role, area: areaCode, sid: sessionId } = claims.data;
  const standing = await standingOf(personId);
  const session = standing?.sessions[sessionId];
  if (!session || session.expiresAt <= now.getTime() / 1000) throw new Failure('session_ended');
  if (!stillHolds({ role, areaCode }, standing)) return undefined;
  return { personId, role, sessionId, ...(areaCode ? { areaCode } : {}) };
}
