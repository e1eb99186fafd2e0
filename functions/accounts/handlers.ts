import { randomInt } from 'node:crypto';
import type { accountsContract, Person } from '../../shared/accounts/contract.js';
import { accessLifeSeconds, maskPhone, sessionLifeSeconds } from '../../shared/accounts/rules.js';
import { areaOf } from '../../shared/city/areas.js';
import { type Handlers, WithCookies } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import { claimsOf } from '../http/caller.js';
import { DeliveryFailed, deliveryOf } from '../platform/messages.js';
import type { Ports } from '../platform/ports.js';
import type { PersonRecord } from './people.js';
import { phoneOf } from './phone.js';
import type { AccountsStore } from './store.js';

export interface AccountsDeps extends Pick<Ports, 'keys' | 'messages' | 'now' | 'newId' | 'secureCookies'> {
  readonly accounts: AccountsStore;
  readonly sites: { managedBy(personId: string): Promise<string[]> };
}

const cookieName = 'gongzhi_session';

export const accountsHandlers: Handlers<typeof accountsContract, AccountsDeps> = {
  async 'POST /v1/sign-in/codes'({ body, request }, { accounts, messages, now, newId }) {
    const phone = phoneOf(body.phone);
    await accounts.countCode('address', request.address, now());
    await accounts.countCode('phone', phone, now());
    await accounts.countCode('phoneDaily', phone, now());
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    await accounts.keepCode(phone, code, now());
    const content = { template: 'sign_in_code', params: { code, purpose: 'sign_in' } } as const;
    try {
      await messages.sms.deliver(phone, deliveryOf(newId(), content, 'zh-CN'));
    } catch (error) {
      throw error instanceof DeliveryFailed ? new Failure('messages_unavailable') : error;
    }
    return undefined;
  },

  async 'POST /v1/sign-in'({ body }, deps) {
    const { accounts, now, newId } = deps;
    const phone = phoneOf(body.phone);
    if (!(await accounts.takeCode(phone, body.code, now()))) throw new Failure('code_wrong');
    const person = (await accounts.personByPhone(phone)) ?? (await newResident(phone, deps));
    return signedIn(person, await accounts.openSession(newId(), person.personId, now()), deps);
  },

  async 'POST /v1/sign-in/refresh'({ request }, deps) {
    const { accounts, now } = deps;
    const session = await accounts.rotate(request.cookies[cookieName] ?? '', now());
    const person = session && (await accounts.person(session.personId));
    if (!person) throw new Failure('session_ended');
    return signedIn(person, session.token, deps);
  },

  async 'DELETE /v1/session'({ request }, { accounts, secureCookies }) {
    await accounts.endSession(request.cookies[cookieName] ?? '');
    return new WithCookies(undefined, [cookie('', 0, secureCookies)]);
  },

  async 'GET /v1/me'({ caller }, deps) {
    const person = await deps.accounts.person(caller.personId);
    if (!person) throw new Failure('session_ended');
    return shown(person, deps);
  },

  async 'PUT /v1/staff/{personId}'({ path: { personId }, body, caller }, deps) {
    const { accounts, now } = deps;
    if (personId === caller.personId && body.role !== caller.role) throw new Failure('own_role');
    if (body.areaCode && !areaOf(body.areaCode)) throw new Failure('area_not_found');
    const person = { ...body, personId, phone: phoneOf(body.phone), createdAt: now().toISOString() };
    await accounts.keep(person);
    return shown(person, deps);
  },

  async 'POST /v1/staff/look-up'({ body }, { accounts }) {
    const person = await accounts.personByPhone(phoneOf(body.phone));
    if (!person) throw new Failure('person_not_found');
    return listed(person);
  },

  async 'GET /v1/staff'({ query }, { accounts }) {
    const { people, nextCursor } = await accounts.staff(query.role, query.limit, query.cursor);
    return { staff: people.map(listed), nextCursor };
  },
};

async function newResident(phone: string, { accounts, now, newId }: AccountsDeps): Promise<PersonRecord> {
  const person: PersonRecord = { personId: newId(), role: 'resident', phone, createdAt: now().toISOString() };
  try {
    await accounts.keep(person);
    return person;
  } catch (error) {
    // The bureau made an account for this phone in the same moment: that one it is.
    const other = error instanceof Failure && error.code === 'phone_taken' ? await accounts.personByPhone(phone) : undefined;
    if (other) return other;
    throw error;
  }
}

async function signedIn(person: PersonRecord, refreshToken: string, deps: AccountsDeps) {
  const { keys, now, secureCookies } = deps;
  const { personId, role, areaCode } = person;
  const claims = claimsOf({ personId, role, ...(areaCode ? { areaCode } : {}) });
  const accessToken = await keys.sign(claims, personId, now(), accessLifeSeconds);
  const expiresAt = new Date(now().getTime() + accessLifeSeconds * 1000).toISOString();
  return new WithCookies({ accessToken, expiresAt, person: await shown(person, deps) }, [
    cookie(refreshToken, sessionLifeSeconds, secureCookies),
  ]);
}

/** A person as they see themselves. */
async function shown({ personId, role, areaCode, name, phone }: PersonRecord, { sites }: AccountsDeps): Promise<Person> {
  const scope = {
    ...(areaCode ? { areaCode } : {}),
    ...(role === 'manager' ? { siteIds: await sites.managedBy(personId) } : {}),
  };
  return { personId, role, name: name ?? null, phone, scope };
}

/** A person as a list shows them. */
const listed = ({ personId, role, areaCode, name, phone }: PersonRecord) => ({
  personId,
  role,
  name: name ?? null,
  maskedPhone: maskPhone(phone),
  areaCode: areaCode ?? null,
});

/** The refresh cookie: out of reach of scripts and of other sites, and sent to the interface alone. */
function cookie(token: string, maxAge: number, secure: boolean): string {
  return `${cookieName}=${token}; Path=/v1; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}
