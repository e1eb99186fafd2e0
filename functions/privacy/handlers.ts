import { birthDayOf, isChildBy } from '../../shared/accounts/identity.js';
import type { PersonRecord } from '../../shared/accounts/person.js';
import { type Caller, type Handlers, Reply } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { privacyContract, Revealable } from '../../shared/privacy/contract.js';
import { noticeInForce, type Purpose, purposes } from '../../shared/privacy/notices.js';
import { mayReveal } from '../../shared/privacy/reveals.js';
import { consentState, mayDecide } from '../../shared/privacy/rules.js';
import { cityDay } from '../../shared/time/day.js';
import { phoneOf } from '../platform/phone.js';
import { flagBulk } from './bulk.js';
import { dataPage } from './data-page.js';
import type { PrivacyDeps } from './deps.js';
import { eraseEverywhere, outcomes } from './erasure.js';

export const privacyHandlers: Handlers<typeof privacyContract, PrivacyDeps> = {
  async 'GET /v1/notices'(_, { now }) {
    const inForce = purposes.map((purpose) => noticeInForce(purpose, cityDay(now())));
    return { notices: inForce.filter((notice) => notice !== undefined) };
  },

  async 'GET /v1/me/consents'({ caller }, deps) {
    const decisions = await valid(await known(caller.personId, deps.people), deps);
    const states = purposes.map((purpose) => consentState(purpose, decisions, cityDay(deps.now())));
    return { consents: states.filter((state) => state !== undefined) };
  },

  async 'PUT /v1/me/consents/{purpose}'({ path: { purpose }, body, caller: { personId } }, deps) {
    const { privacy, people, now } = deps;
    const today = cityDay(now());
    const person = await known(personId, people);
    const { version, agreed, guardian } = body;
    const answer = mayDecide(
      {
        notice: noticeInForce(purpose, today),
        version,
        agreed,
        birthDay: birthDayIn(person),
        guardian: guardian?.name,
      },
      today,
    );
    if (answer !== 'yes') throw new Failure(answer);
    const proven = guardian && (await provenGuardian(guardian, person, deps));
    const alive = people.alive(personId);
    await privacy.decide(personId, { purpose, version, agreed, at: now().toISOString() }, { guardian: proven, alive });
    return stateOf(purpose, person, deps);
  },

  async 'POST /v1/people/{personId}/reveals'({ path: { personId }, body: { reason, fields }, caller }, deps) {
    const { privacy, recording, now, newId } = deps;
    const person = await revealableTo(caller, personId, deps);
    if (!person) throw new Failure('person_not_found');
    const revealId = newId();
    const { write, expiresAt } = privacy.revealing(personId, { revealId, revealedTo: caller.personId, fields: [...fields] }, now());
    const facts = { fields: fields.join(', ') };
    const entry = { action: 'revealed', actorId: caller.personId, subjectId: personId, about: revealId, reason, facts } as const;
    // On record first: a value that was given out and not recorded would be worse than a record of one that was not.
    await recording(entry)([write]);
    await flagBulk(caller.personId, deps);
    return { revealId, expiresAt, values: valuesOf(person, fields) };
  },

  async 'GET /v1/people/{personId}/reveals/{revealId}'({ path: { personId, revealId }, caller }, deps) {
    const reveal = await deps.privacy.reveal(personId, revealId, caller.personId, deps.now());
    // An officer who has moved on to another street since sees what that street's officer sees.
    const person = reveal && (await revealableTo(caller, personId, deps));
    if (!person) throw new Failure('reveal_not_found');
    return { revealId, expiresAt: reveal.expiresAt, values: valuesOf(person, reveal.fields) };
  },

  async 'GET /v1/me/data'({ query: { format }, caller: { personId }, request: { language } }, { holders, recording, now }) {
    const held = await Promise.all(
      outcomes().map(async (outcome) => ({
        ...outcome,
        records: (await holders[outcome.table].show(personId)).map((record) => ({ ...record })),
      })),
    );
    await recording({ action: 'data_exported', actorId: personId, subjectId: personId, facts: { format } })([]);
    const data = { personId, at: now().toISOString(), held };
    return format === 'html' ? new Reply(data, { document: dataPage(data, language) }) : data;
  },

  async 'DELETE /v1/me'({ caller: { personId, role } }, deps) {
    const { people, now } = deps;
    // Sooner said than after half of it is gone; what decides is the count, when the account goes.
    if (role === 'bureau' && (await people.staff('bureau', 2, undefined)).people.length < 2) throw new Failure('last_bureau');
    if (!(await eraseEverywhere(personId, personId, deps))) throw new Failure('session_ended');
    return { erasedAt: now().toISOString(), outcomes: outcomes() };
  },

  async 'GET /v1/purges'({ query: { limit, cursor } }, { privacy }) {
    return privacy.certificates(limit, cursor);
  },
};

async function known(personId: string, people: PrivacyDeps['people']): Promise<PersonRecord> {
  const person = await people.person(personId);
  if (!person) throw new Failure('session_ended');
  return person;
}

const birthDayIn = ({ identity }: PersonRecord) => identity && birthDayOf(identity.kind, identity.number);

/** The person, if this caller may see them unmasked. */
async function revealableTo(caller: Caller, personId: string, { people, sites }: PrivacyDeps): Promise<PersonRecord | undefined> {
  const person = await people.person(personId);
  const managed = person?.role === 'manager' ? await sites.managedBy(personId) : [];
  const whereabouts = { homeAreaCode: person?.home?.areaCode, siteAreaCodes: managed.map(({ areaCode }) => areaCode) };
  return person && mayReveal(caller, whereabouts) ? person : undefined;
}

/** The decisions that hold: what a child agreed to alone, before it was known to be one, is asked again. */
async function valid(person: PersonRecord, { privacy, now }: PrivacyDeps) {
  const child = isChildBy(person.identity, cityDay(now()));
  const decisions = await privacy.consentsOf(person.personId);
  return decisions.filter(({ agreed, sealed }) => !child || !agreed || sealed);
}

async function stateOf(purpose: Purpose, person: PersonRecord, deps: PrivacyDeps) {
  const state = consentState(purpose, await valid(person, deps), cityDay(deps.now()));
  if (!state) throw new Failure('notice_outdated');
  return state;
}

async function provenGuardian(
  { name, relation, phone: written, code }: { name: string; relation: string; phone: string; code: string },
  child: PersonRecord,
  { codes, people, now }: PrivacyDeps,
) {
  const phone = phoneOf(written, 'guardian.phone');
  const holder = await people.personByPhone(phone);
  // Another child is nobody's guardian either.
  if (phone === child.phone || isChildBy(holder?.identity, cityDay(now())))
    throw new Failure('invalid_request', { fields: [{ path: 'guardian.phone', code: 'own_phone' }] });
  if (!(await codes.takeCode(phone, 'guardian_consent', code, now()))) throw new Failure('code_wrong');
  return { name, relation, phone };
}

function valuesOf({ name, phone, home }: PersonRecord, fields: readonly Revealable[]) {
  return {
    ...(fields.includes('name') ? { name: name ?? null } : {}),
    ...(fields.includes('phone') ? { phone } : {}),
    ...(fields.includes('home') ? { home: home?.line ?? null } : {}),
  };
}
