import { randomInt } from 'node:crypto';
import type * as z from 'zod/mini';
import type { Person } from '../../shared/accounts/contract.js';
import type { PersonRecord } from '../../shared/accounts/person.js';
import { Reply, type RequestFacts } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { SignedIn } from '../../shared/sessions/contract.js';
import { accessLifeSeconds, type CodePurpose, codeLimits, deviceOf, sessionLifeSeconds, type WayIn } from '../../shared/sessions/rules.js';
import { type Commit, plainCommit, type Write } from '../database/writes.js';
import { claimsOf } from '../http/caller.js';
import { type LimitCounter, mustStayWithin } from '../http/limits.js';
import { log } from '../http/log.js';
import { DeliveryFailed, deliveryOf } from '../platform/messages.js';
import type { Ports } from '../platform/ports.js';
import type { Opened } from './sign-ins.js';
import type { SessionsStore } from './store.js';

export interface SessionsDeps
  extends Pick<Ports, 'db' | 'keys' | 'tokens' | 'messages' | 'wechat' | 'now' | 'newId' | 'secureCookies' | 'publicOrigin'> {
  readonly sessions: SessionsStore;
  readonly people: {
    person(personId: string): Promise<PersonRecord | undefined>;
    personByPhone(phone: string): Promise<PersonRecord | undefined>;
    personByOpenid(openid: string): Promise<PersonRecord | undefined>;
    change(
      personId: string,
      next: (before: PersonRecord | undefined) => PersonRecord,
      commitOf?: (after: PersonRecord, before: PersonRecord | undefined) => Commit,
    ): Promise<PersonRecord>;
    /** Notes that the person was here: an account that nobody uses goes after its time. */
    seen(personId: string, now: Date): Promise<void>;
    /** As the person sees themselves. */
    shown(person: PersonRecord): Promise<Person>;
  };
  readonly count: LimitCounter;
  /** Tells a person that a sign-in of theirs was used twice; written with the session's end. */
  readonly tellOfReuse: (personId: string) => Write;
  /** Tells a person that WeChat leads to the account from now on; written with the link. */
  readonly tellOfLink: (personId: string) => Write;
  readonly jsTicket: () => Promise<string>;
}

export const cookieName = 'gongzhi_session';

/** The refresh cookie: out of reach of scripts and of other sites, and sent to the interface alone. */
export function sessionCookie(token: string, secure: boolean): string {
  const maxAge = token ? sessionLifeSeconds : 0;
  return `${cookieName}=${token}; Path=/v1; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** Sends a code to a phone, for one purpose. Throws `too_many_codes`. */
export async function sendCode(phone: string, purpose: CodePurpose, { language }: RequestFacts, deps: SessionsDeps): Promise<void> {
  const { sessions, messages, keys, count, now, newId } = deps;
  for (const [name, limit] of Object.entries(codeLimits)) {
    await mustStayWithin(count, `codes ${name} ${keys.fingerprint('phone', phone)}`, limit, now(), 'too_many_codes');
  }
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  await sessions.keepCode(phone, purpose, code, now());
  try {
    await messages.sms.deliver(phone, deliveryOf(newId(), { template: 'sign_in_code', params: { code, purpose } }, language));
  } catch (error) {
    if (!(error instanceof DeliveryFailed)) throw error;
    log('warn', 'code_not_sent', { code: error.code });
    throw new Failure('messages_unavailable');
  }
}

/** The person of a phone; one seen for the first time becomes a resident. */
export async function personOfPhone(phone: string, { people, now, newId }: SessionsDeps): Promise<PersonRecord> {
  const known = await people.personByPhone(phone);
  if (known) return known;
  const personId = newId();
  try {
    return await people.change(personId, () => ({ personId, role: 'resident', phone, createdAt: now().toISOString() }));
  } catch (error) {
    // The bureau made an account for this phone in the same moment: that one it is.
    const other = error instanceof Failure && error.code === 'phone_taken' ? await people.personByPhone(phone) : undefined;
    if (other) return other;
    throw error;
  }
}

/** Opens a session for a person who has shown who they are. */
export async function openFor(personId: string, way: WayIn, { userAgent }: RequestFacts, deps: SessionsDeps): Promise<Opened> {
  const { sessions, people, now, newId } = deps;
  const roleOf = async () => {
    const person = await people.person(personId);
    if (!person) throw new Failure('session_ended');
    return { role: person.role, areaCode: person.areaCode };
  };
  return sessions.openSession({ sessionId: newId(), personId, way, device: deviceOf(userAgent) }, roleOf, now());
}

/** What a page is given: a token that says what the session says, and the cookie for the next one. */
export async function signedIn(
  { personId, sessionId, token, standing }: Opened,
  deps: SessionsDeps,
): Promise<Reply<z.input<typeof SignedIn>>> {
  const { tokens, people, now, secureCookies } = deps;
  const person = await people.person(personId);
  if (!person) throw new Failure('session_ended');
  await people.seen(personId, now());
  const { role, areaCode } = standing;
  const accessToken = await tokens.sign(claimsOf({ personId, role, sessionId, ...(areaCode ? { areaCode } : {}) }), personId, now());
  const expiresAt = new Date(now().getTime() + accessLifeSeconds * 1000).toISOString();
  const body = { accessToken, expiresAt, person: await people.shown({ ...person, role, areaCode }) };
  return new Reply(body, { cookies: [sessionCookie(token, secureCookies)] });
}

/** A refresh token that was used before: somebody has a copy. The session ends, and the person is told. */
export async function endReused(token: string, personId: string, deps: SessionsDeps): Promise<void> {
  const { sessions, tellOfReuse, db } = deps;
  await sessions.endSessionOf(token, (writes) => plainCommit(db)([...writes, tellOfReuse(personId)]));
}
