import type { accountsContract } from '../../shared/accounts/contract.js';
import { identityFaultOf, isChildBy, normaliseIdentity } from '../../shared/accounts/identity.js';
import { maskPhone } from '../../shared/accounts/masks.js';
import type { Identity, PersonRecord } from '../../shared/accounts/person.js';
import { areaOf } from '../../shared/city/areas.js';
import type { Handlers } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import { mayReveal } from '../../shared/privacy/reveals.js';
import { cityDay } from '../../shared/time/day.js';
import type { Write } from '../database/writes.js';
import { phoneOf } from '../platform/phone.js';
import type { AccountsDeps } from './deps.js';
import { listed, masked, meOf, personOf } from './shown.js';

export const accountsHandlers: Handlers<typeof accountsContract, AccountsDeps> = {
  async 'GET /v1/me'({ caller }, deps) {
    return meOf(await known(caller.personId, deps), deps);
  },

  async 'PATCH /v1/me'({ body, caller }, deps) {
    const { accounts } = deps;
    const { name, home, identity } = body;
    if (home) mustBeCommunity(home.areaCode);
    const proven = identity && checked(identity, deps);
    const next = (before: PersonRecord | undefined): PersonRecord => {
      if (!before) throw new Failure('session_ended');
      if (identity !== undefined && isChildBy(before.identity, cityDay(deps.now()))) throw new Failure('child_on_record');
      return {
        ...before,
        ...(name === undefined ? {} : { name: name ?? undefined }),
        ...(home === undefined ? {} : { home: home ?? undefined }),
        ...(identity === undefined ? {} : { identity: proven ?? undefined }),
      };
    };
    return meOf(await accounts.change(caller.personId, next), deps);
  },

  async 'PUT /v1/me/phone'({ body, caller: { personId } }, deps) {
    const { accounts, codes, recording, telling, tellingPhone, now } = deps;
    const phone = phoneOf(body.phone);
    if (!(await codes.takeCode(phone, 'change_phone', body.code, now()))) throw new Failure('code_wrong');
    const entry = { action: 'phone_changed', actorId: personId, subjectId: personId } as const;
    const next = (before: PersonRecord | undefined): PersonRecord => {
      if (!before) throw new Failure('session_ended');
      return { ...before, phone };
    };
    const content = { template: 'phone_changed', params: { maskedPhone: maskPhone(phone) } } as const;
    const person = await accounts.change(personId, next, (_, before) => async (writes) => {
      // To the phone before as well: whoever still holds that one would otherwise not hear of it.
      const old = before ? [await tellingPhone(before.phone, content)] : [];
      await recording(entry, [telling(personId, content), ...old])(writes);
    });
    return meOf(person, deps);
  },

  async 'DELETE /v1/me/wechat'({ caller: { personId } }, deps) {
    await deps.accounts.change(personId, (before) => {
      if (!before?.openid) throw new Failure('wechat_not_linked');
      return { ...before, openid: undefined };
    });
    return undefined;
  },

  async 'GET /v1/people/{personId}'({ path: { personId }, caller }, { accounts, sites }) {
    const person = await accounts.person(personId);
    const managed = person?.role === 'manager' ? await sites.managedBy(personId) : [];
    const whereabouts = { homeAreaCode: person?.home?.areaCode, siteAreaCodes: managed.map(({ areaCode }) => areaCode) };
    if (!person || !mayReveal(caller, whereabouts)) throw new Failure('person_not_found');
    return masked(person);
  },

  async 'PUT /v1/staff/{personId}'({ path: { personId }, body, caller }, deps) {
    const { accounts, recording, now } = deps;
    if (personId === caller.personId && body.role !== caller.role) throw new Failure('own_role');
    if (body.areaCode && !areaOf(body.areaCode)) throw new Failure('area_not_found');
    const { role, areaCode, name } = body;
    const phone = phoneOf(body.phone);
    const person = await accounts.change(
      personId,
      (before) => ({ ...before, personId, role, areaCode, name, phone, createdAt: before?.createdAt ?? now().toISOString() }),
      (after, before) => async (writes) => {
        const facts = {
          role,
          ...(areaCode ? { areaCode } : {}),
          ...(before ? { before: before.role, phoneChanged: before.phone !== phone } : {}),
          ...(before?.areaCode ? { areaBefore: before.areaCode } : {}),
        };
        const entry = { action: 'role_given', actorId: caller.personId, subjectId: personId, facts } as const;
        await recording(entry, await consequences(after, before, deps))(writes);
      },
    );
    if (role !== 'manager') await endTenures(personId, caller.personId, deps);
    return personOf(person, deps);
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

/**
 * What follows from a role given, or a phone changed by the bureau: sessions say the new role at once; whoever holds the
 * number before is told, and has to sign in by the new one.
 */
async function consequences(after: PersonRecord, before: PersonRecord | undefined, deps: AccountsDeps): Promise<Write[]> {
  const { standings, telling, tellingPhone } = deps;
  const { personId, role, areaCode, phone } = after;
  const given = before?.role !== role || before.areaCode !== areaCode;
  const params = { role, ...(areaCode ? { areaName: areaOf(areaCode)?.name ?? areaCode } : {}) };
  const told = given ? [telling(personId, { template: 'role_changed', params })] : [];
  if (before && before.phone !== phone) {
    const content = { template: 'phone_changed', params: { maskedPhone: maskPhone(phone) } } as const;
    return [...told, standings.endingAll(personId), telling(personId, content), await tellingPhone(before.phone, content)];
  }
  return given ? [...told, standings.giving(personId, after)] : [];
}

/** Who is no manager any longer answers for no site: what a call that broke off has left is ended by the next. */
async function endTenures(personId: string, actorId: string, { sites, recording, now }: AccountsDeps): Promise<void> {
  for (const site of await sites.managedBy(personId)) {
    const entry = { action: 'site_handed_over', actorId, subjectId: personId, about: site.siteId, facts: { toNobody: true } } as const;
    await sites.endTenure(site, now().toISOString(), recording(entry));
  }
}

async function known(personId: string, { accounts }: AccountsDeps): Promise<PersonRecord> {
  const person = await accounts.person(personId);
  if (!person) throw new Failure('session_ended');
  return person;
}

function mustBeCommunity(areaCode: string): void {
  if (!areaOf(areaCode)) throw new Failure('area_not_found');
  if (areaCode.length !== 12) throw new Failure('not_a_community');
}

function checked({ kind, number: written }: Identity, { now }: AccountsDeps): Identity {
  const number = normaliseIdentity(kind, written);
  const code = identityFaultOf({ kind, number, today: cityDay(now()) });
  if (code) throw new Failure('invalid_request', { fields: [{ path: 'identity.number', code }] });
  return { kind, number };
}
