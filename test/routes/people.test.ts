import { describe, expect, test } from 'vitest';
import { claimsOf } from '../../functions/http/caller.js';
import { checkCharacterOf } from '../../shared/accounts/identity.js';
import { bulkReveals, revealLimit } from '../../shared/privacy/reveals.js';
import { newestCode } from '../support/browser-like.js';
import { cuihu, gongming, guangming, lisonglang, nextPhone, refusal, type Someone, useCity } from '../support/city.js';

const city = useCity();
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
let born = 100;
const idOf = (birthDay: string) => {
  const body = `110105${birthDay.replaceAll('-', '')}${String(++born)}`;
  return `${body}${checkCharacterOf(body)}`;
};
const livingIn = async (areaCode: string, name = '王小明'): Promise<Someone> => {
  const resident = await city.someone('resident');
  await resident.call('PATCH /v1/me', { body: { name, home: { areaCode, line: '翠湖花园 3 栋 501' } } });
  return resident;
};
const fieldOf = async (call: Promise<unknown>) => {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as { problem: { fields?: { path: string; code: string; message: string }[] } }).problem.fields?.[0];
  }
};

describe('what is held of me', () => {
  test('can be corrected field by field, and taken away', async () => {
    const me = await city.someone('resident');
    const number = idOf('1990-05-05');
    await me.call('PATCH /v1/me', { body: { name: '欧阳小鹿', home: { areaCode: cuihu, line: '3 栋 501' } } });
    const shown = await me.call('PATCH /v1/me', { body: { identity: { kind: 'resident_id', number: ` ${number.toLowerCase()} ` } } });
    expect(shown).toMatchObject({ name: '欧阳小鹿', home: { areaCode: cuihu, line: '3 栋 501' }, child: false });
    expect(shown.identity).toEqual({ kind: 'resident_id', maskedNumber: `${number[0]}${'*'.repeat(16)}${number[17]}` });
    const without = await me.call('PATCH /v1/me', { body: { name: null, identity: null } });
    expect(without).toMatchObject({ name: null, identity: null, home: { line: '3 栋 501' } });
  });
  test('knows a child by the document', async () => {
    const child = await city.someone('resident');
    const shown = await child.call('PATCH /v1/me', { body: { identity: { kind: 'resident_id', number: idOf('2015-01-01') } } });
    expect(shown.child).toBe(true);
  });
  test.each([
    ['11010519491231002', 'id_length'],
    ['110105194912310021', 'id_check_digit'],
    ['110105491231002', 'id_old_15_digits'],
  ])('a document that breaks a rule (%s) is refused with the rule: %s', async (number, rule) => {
    const me = await city.someone('resident');
    const fault = await fieldOf(me.call('PATCH /v1/me', { body: { identity: { kind: 'resident_id', number } } }));
    expect(fault).toMatchObject({ path: 'identity.number', code: rule });
    expect(fault?.message).not.toBe(rule);
  });
  test('a home is in a community of the city', async () => {
    const me = await city.someone('resident');
    const move = (areaCode: string) => refusal(me.call('PATCH /v1/me', { body: { home: { areaCode, line: 'x' } } }));
    expect([await move(guangming), await move('440311999999'), await move(lisonglang)]).toEqual([
      'not_a_community',
      'area_not_found',
      'allowed',
    ]);
  });
  test('a document leads to one account, and to another once it was taken away', async () => {
    const [one, two] = [await city.someone('resident'), await city.someone('resident')];
    const identity = { kind: 'resident_id' as const, number: idOf('1980-01-01') };
    const take = (who: Someone, value: typeof identity | null) => refusal(who.call('PATCH /v1/me', { body: { identity: value } }));
    expect([await take(one, identity), await take(two, identity), await take(one, null), await take(two, identity)]).toEqual([
      'allowed',
      'identity_taken',
      'allowed',
      'allowed',
    ]);
  });
  test('ten corrections at once are all made, one after another', async () => {
    const me = await city.someone('resident');
    const lines = Array.from({ length: 10 }, (_, i) => `${i + 1} 栋`);
    const answers = await Promise.all(lines.map((line) => refusal(me.call('PATCH /v1/me', { body: { home: { areaCode: cuihu, line } } }))));
    expect(new Set(answers)).toEqual(new Set(['allowed']));
    expect(lines).toContain((await me.call('GET /v1/me')).home?.line);
  });
});

describe('another phone', () => {
  test('is mine once a code sent to it shows it, and both phones hear of it', async () => {
    const me = await city.someone('resident');
    const phone = nextPhone();
    await me.call('POST /v1/me/codes', { body: { phone, purpose: 'change_phone' } });
    const code = await newestCode(city, phone);
    expect((await me.call('PUT /v1/me/phone', { body: { phone, code } })).phone).toBe(phone);
    await city.service.jobs({ job: 'send-messages', scheduledAt: city.clock });
    for (const to of [me.phone, phone]) {
      const [newest] = city.service.outbox.sent(to);
      expect(newest).toMatchObject({ kind: 'phone_changed' });
      expect(newest?.text).toContain(`${phone.slice(3, 6)}****${phone.slice(-4)}`);
    }
  });
  test('is not mine by a code for something else, or by somebody else’s number', async () => {
    const [me, other] = [await city.someone('resident'), await city.someone('resident')];
    const phone = nextPhone();
    await me.call('POST /v1/me/codes', { body: { phone, purpose: 'guardian_consent' } });
    const code = await newestCode(city, phone);
    expect(await refusal(me.call('PUT /v1/me/phone', { body: { phone, code } }))).toBe('code_wrong');
    await me.call('POST /v1/me/codes', { body: { phone: other.phone, purpose: 'change_phone' } });
    const taken = { phone: other.phone, code: await newestCode(city, other.phone) };
    expect(await refusal(me.call('PUT /v1/me/phone', { body: taken }))).toBe('phone_taken');
  });
});

test('who is no manager any longer answers for no site, and is seen by no street on its account', async () => {
  const [bureau, manager, officer] = [
    await city.someone('bureau'),
    await city.someone('manager'),
    await city.someone('officer', guangming),
  ];
  const siteId = await city.estate(1, { manager, areaCode: cuihu });
  const { personId } = manager.caller;
  await bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone: manager.phone, name: '卸任', role: 'resident' } });
  expect((await city.stores.places.site(siteId))?.manager).toBeNull();
  expect((await city.stores.places.tenures(siteId, 5, undefined)).managers[0]?.untilAt).not.toBeNull();
  expect(await refusal(officer.call('GET /v1/people/{personId}', { path: { personId } }))).toBe('person_not_found');
});

describe('a phone that the bureau changes', () => {
  test('is told to both, ends every session, and is on record', async () => {
    const [bureau, me] = [await city.someone('bureau'), await city.someone('resident')];
    const { personId } = me.caller;
    const phone = nextPhone();
    const token = await me.token();
    await bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone, name: '王小明', role: 'resident' } });
    expect((await fetch(`${city.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    await city.service.jobs({ job: 'send-messages', scheduledAt: new Date(city.clock.getTime() + 7) });
    for (const to of [me.phone, phone]) expect(city.service.outbox.sent(to)[0]).toMatchObject({ kind: 'phone_changed' });
    const { entries } = await bureau.call('GET /v1/audit', { query: { personId } });
    expect(entries).toMatchObject([{ action: 'role_given', facts: { phoneChanged: true } }]);
  });
});

describe('staff sees people masked', () => {
  test('wherever it sees them', async () => {
    const officer = await city.someone('officer', guangming);
    const resident = await livingIn(cuihu);
    const number = idOf('1971-01-01');
    await resident.call('PATCH /v1/me', { body: { identity: { kind: 'resident_id', number } } });
    const seen = await officer.call('GET /v1/people/{personId}', { path: { personId: resident.caller.personId } });
    expect(seen).toMatchObject({ maskedName: '王*明', maskedPhone: expect.stringMatching(/^199\*{4}\d{4}$/), maskedHome: '翠湖社区****' });
    expect(seen.maskedIdentity?.maskedNumber).toBe(`1${'*'.repeat(16)}${number[17]}`);
  });
  test('and nobody of another street, nor a resident who named no home; the bureau sees the district', async () => {
    const resident = await livingIn(lisonglang);
    const unknown = await city.someone('resident');
    const [here, there, bureau] = [
      await city.someone('officer', gongming),
      await city.someone('officer', guangming),
      await city.someone('bureau'),
    ];
    const see = (who: Someone, { caller: { personId } }: Someone) => refusal(who.call('GET /v1/people/{personId}', { path: { personId } }));
    expect([await see(here, resident), await see(there, resident), await see(bureau, resident)]).toEqual([
      'allowed',
      'person_not_found',
      'allowed',
    ]);
    expect([await see(here, unknown), await see(bureau, unknown)]).toEqual(['person_not_found', 'allowed']);
  });
  test('and the manager of a site in the own street', async () => {
    const manager = await city.someone('manager');
    await city.estate(1, { manager, areaCode: cuihu });
    const { personId } = manager.caller;
    const see = async (street: string) =>
      refusal((await city.someone('officer', street)).call('GET /v1/people/{personId}', { path: { personId } }));
    expect([await see(guangming), await see(gongming)]).toEqual(['allowed', 'person_not_found']);
  });
});

describe('a reveal', () => {
  const route = 'POST /v1/people/{personId}/reveals';
  test('gives the values asked for, for ten minutes, to who asked, and is on record', async () => {
    const [officer, colleague, bureau] = [
      await city.someone('officer', guangming),
      await city.someone('officer', guangming),
      await city.someone('bureau'),
    ];
    const resident = await livingIn(cuihu, '欧阳小鹿');
    const { personId } = resident.caller;
    const reveal = await officer.call(route, { path: { personId }, body: { reason: '电话通知取证', fields: ['name', 'phone'] } });
    expect(reveal.values).toEqual({ name: '欧阳小鹿', phone: resident.phone });
    expect(Date.parse(reveal.expiresAt) - city.clock.getTime()).toBe(600_000);
    const again = (who: Someone) =>
      refusal(who.call('GET /v1/people/{personId}/reveals/{revealId}', { path: { personId, revealId: reveal.revealId } }));
    expect([await again(officer), await again(colleague)]).toEqual(['allowed', 'reveal_not_found']);
    later(599);
    expect(await again(officer)).toBe('allowed');
    later(1);
    expect(await again(officer)).toBe('reveal_not_found');
    const { entries } = await bureau.call('GET /v1/audit', { query: { personId } });
    const logged = entries.filter(({ action }) => action === 'revealed');
    expect(logged).toMatchObject([
      { actorId: officer.caller.personId, reason: '电话通知取证', about: reveal.revealId, facts: { fields: 'name, phone' } },
    ]);
    expect(JSON.stringify(entries)).not.toContain('欧阳');
  });
  test('is over for an officer who has moved to another street', async () => {
    const [officer, bureau] = [await city.someone('officer', guangming), await city.someone('bureau')];
    const { personId } = (await livingIn(cuihu)).caller;
    const { revealId } = await officer.call(route, { path: { personId }, body: { reason: '核对', fields: ['phone'] } });
    const moved = { phone: officer.phone, name: '调走', role: 'officer' as const, areaCode: gongming };
    await bureau.call('PUT /v1/staff/{personId}', { path: { personId: officer.caller.personId }, body: moved });
    const session = { sessionId: crypto.randomUUID(), personId: officer.caller.personId, way: 'sms', device: 'x' } as const;
    const standing = { role: 'officer', areaCode: gongming } as const;
    await city.stores.sessions.openSession(session, async () => standing, city.clock);
    const token = await city.service.ports.tokens.sign(claimsOf({ ...session, ...standing }), session.personId, city.clock);
    const response = await fetch(`${city.url}/v1/people/${personId}/reveals/${revealId}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(404);
  });
  test('gives no room for numbers in its reason, which stays on record in clear', async () => {
    const officer = await city.someone('officer', guangming);
    const { personId } = (await livingIn(cuihu)).caller;
    for (const reason of ['联系 139 0000 1234', '证件 11010519491231002X', '１３９００００１２３４']) {
      const fault = await fieldOf(officer.call(route, { path: { personId }, body: { reason, fields: ['phone'] } }));
      expect(fault).toMatchObject({ path: 'reason', code: 'personal_number' });
    }
    expect(
      await refusal(officer.call(route, { path: { personId }, body: { reason: '2026-11-24 3 栋 501 核对', fields: ['phone'] } })),
    ).toBe('allowed');
  });
  test('is not for another street’s officer, nor without a reason, nor of a document', async () => {
    const [officer, other] = [await city.someone('officer', guangming), await city.someone('officer', gongming)];
    const { personId } = (await livingIn(cuihu)).caller;
    const ask = (who: Someone, body: { reason: string; fields: ('name' | 'phone' | 'home')[] }) =>
      refusal(who.call(route, { path: { personId }, body }));
    expect(await ask(other, { reason: '看看', fields: ['phone'] })).toBe('person_not_found');
    expect(await ask(officer, { reason: '  ', fields: ['phone'] })).toBe('invalid_request');
    expect(await ask(officer, { reason: '看看', fields: [] })).toBe('invalid_request');
    expect(await ask(officer, { reason: '看看', fields: ['identity' as 'name'] })).toBe('invalid_request');
    const bureau = await city.someone('bureau');
    const { entries } = await bureau.call('GET /v1/audit', { query: { personId, action: 'revealed' } });
    expect(entries).toEqual([]);
  });
  test('after many others in an hour raises a flag, which the bureau and its group are told of, and past sixty is refused', async () => {
    later(3600);
    const [officer, bureau] = [await city.someone('officer', guangming), await city.someone('bureau')];
    const { personId } = (await livingIn(cuihu)).caller;
    const ask = () => refusal(officer.call(route, { path: { personId }, body: { reason: '逐户核对', fields: ['phone'] } }));
    for (let i = 0; i < revealLimit.most; i++) expect(await ask()).toBe('allowed');
    expect(await ask()).toBe('too_many_requests');
    const { entries } = await bureau.call('GET /v1/audit', { query: { actorId: officer.caller.personId, action: 'bulk_reveals' } });
    expect(entries).toMatchObject([{ facts: { count: bulkReveals.most } }]);
    await city.service.jobs({ job: 'send-messages', scheduledAt: new Date(city.clock.getTime() + 1) });
    expect(city.service.outbox.sent(bureau.phone)).toMatchObject([{ kind: 'bulk_reveals' }]);
    expect(city.service.outbox.sent('企业微信群')).toHaveLength(1);
  });
});
