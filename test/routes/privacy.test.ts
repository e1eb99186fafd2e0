import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { checkCharacterOf } from '../../shared/accounts/identity.js';
import { holdings } from '../../shared/privacy/holdings.js';
import { purposes } from '../../shared/privacy/notices.js';
import { newestCode } from '../support/browser-like.js';
import { cuihu, guangming, nextPhone, refusal, type Someone, useCity } from '../support/city.js';
import { everythingIn } from '../support/tables.js';

const city = useCity();
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
const decide = (who: Someone, purpose: (typeof purposes)[number], body: { version: number; agreed: boolean; guardian?: Guardian }) =>
  who.call('PUT /v1/me/consents/{purpose}', { path: { purpose }, body });
interface Guardian {
  name: string;
  relation: string;
  phone: string;
  code: string;
}

describe('notices and consents', () => {
  test('anyone may read the notices, one for each purpose, in both languages', async () => {
    const response = await fetch(`${city.url}/v1/notices`);
    const { notices } = (await response.json()) as {
      notices: { purpose: string; text: Record<string, { title: string; kept: string }> }[];
    };
    expect(notices.map(({ purpose }) => purpose).sort()).toEqual([...purposes].sort());
    for (const { text } of notices) for (const language of ['zh-CN', 'en']) expect(text[language]?.kept).toMatch(/\d/);
  });
  test('a resident is asked for each, and each answer is kept for the version that was read', async () => {
    const me = await city.someone('resident');
    const before = await me.call('GET /v1/me/consents');
    expect(before.consents.every(({ asks, agreed, decided }) => asks && !agreed && decided === null)).toBe(true);
    const [agreed, refused] = [
      await decide(me, 'event_reminders', { version: 1, agreed: true }),
      await decide(me, 'photo_use', { version: 1, agreed: false }),
    ];
    expect(agreed).toMatchObject({ agreed: true, asks: false, decided: { version: 1 } });
    expect(refused).toMatchObject({ agreed: false, asks: false });
    later(60);
    expect(await decide(me, 'event_reminders', { version: 1, agreed: false })).toMatchObject({ agreed: false, asks: false });
    const ledger = await city.stores.privacy.consentsOf(me.caller.personId);
    expect(ledger.map(({ purpose, agreed: said, endedAt }) => [purpose, said, endedAt !== undefined])).toEqual([
      ['event_reminders', true, true],
      ['event_reminders', false, false],
      ['photo_use', false, false],
    ]);
  });
  test('the same answer again is no new entry, and ten at once are one', async () => {
    const me = await city.someone('resident');
    await Promise.all(Array.from({ length: 10 }, () => decide(me, 'lost_dog_contact', { version: 1, agreed: true })));
    expect(await city.stores.privacy.consentsOf(me.caller.personId)).toHaveLength(1);
  });
  test('sixteen answers at once, this way and that, leave a ledger in order, and the person can decide again', async () => {
    const me = await city.someone('resident');
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, i) => {
          later(i % 2 ? -1 : 1);
          return refusal(decide(me, 'photo_use', { version: 1, agreed: i % 2 === 0 }));
        }),
      );
      expect(new Set(answers)).toEqual(new Set(['allowed']));
    }
    const ledger = await city.stores.privacy.consentsOf(me.caller.personId);
    expect(ledger.map(({ n }) => n)).toEqual(ledger.map((_, i) => i + 1));
    expect(ledger.filter(({ endedAt }) => !endedAt)).toEqual([ledger.at(-1)]);
    expect(await decide(me, 'photo_use', { version: 1, agreed: false })).toMatchObject({ agreed: false, asks: false });
    expect(await decide(me, 'photo_use', { version: 1, agreed: true })).toMatchObject({ agreed: true, asks: false });
  });
  test('refusing what is optional blocks nothing else; what is needed cannot be refused; another version is not the one in force', async () => {
    const me = await city.someone('resident');
    for (const purpose of ['event_reminders', 'lost_dog_contact', 'photo_use'] as const)
      await decide(me, purpose, { version: 1, agreed: false });
    expect(await refusal(me.call('PATCH /v1/me', { body: { name: '还能用' } }))).toBe('allowed');
    expect(await refusal(decide(me, 'registration', { version: 1, agreed: false }))).toBe('notice_not_optional');
    expect(await refusal(decide(me, 'photo_use', { version: 2, agreed: true }))).toBe('notice_outdated');
  });
  test('for a child a guardian agrees, by a code to the guardian’s own phone; a child may refuse alone', async () => {
    const child = await city.someone('resident');
    const body = '11010520160101001';
    await child.call('PATCH /v1/me', { body: { identity: { kind: 'resident_id', number: `${body}${checkCharacterOf(body)}` } } });
    expect(await refusal(decide(child, 'photo_use', { version: 1, agreed: true }))).toBe('guardian_needed');
    expect(await refusal(decide(child, 'photo_use', { version: 1, agreed: false }))).toBe('allowed');
    const phone = nextPhone();
    await child.call('POST /v1/me/codes', { body: { phone, purpose: 'guardian_consent' } });
    const guardian = { name: '欧阳守护', relation: '母亲', phone, code: await newestCode(city, phone) };
    expect(await refusal(decide(child, 'photo_use', { version: 1, agreed: true, guardian: { ...guardian, code: '000000' } }))).toBe(
      'code_wrong',
    );
    expect(await decide(child, 'photo_use', { version: 1, agreed: true, guardian })).toMatchObject({ agreed: true });
    const own = { ...guardian, phone: child.phone };
    expect(await refusal(decide(child, 'photo_use', { version: 1, agreed: true, guardian: own }))).toBe('invalid_request');
    // The document that shows a child stays until a guardian has it corrected.
    expect(await refusal(child.call('PATCH /v1/me', { body: { identity: null } }))).toBe('child_on_record');
    const data = await child.call('GET /v1/me/data');
    expect(JSON.stringify(data)).toContain('欧阳守护');
    expect(await everythingIn(city.service.ports)).not.toContain('欧阳守护');
  });
});

test('what a child agreed to before it was known to be one is asked again, and a guardian’s agreement is kept', async () => {
  const child = await city.someone('resident');
  await decide(child, 'photo_use', { version: 1, agreed: true });
  const body = '11010520170101002';
  await child.call('PATCH /v1/me', { body: { identity: { kind: 'resident_id', number: `${body}${checkCharacterOf(body)}` } } });
  const of = async () => (await child.call('GET /v1/me/consents')).consents.find(({ purpose }) => purpose === 'photo_use');
  expect(await of()).toMatchObject({ agreed: false, asks: true });
  const phone = nextPhone();
  await child.call('POST /v1/me/codes', { body: { phone, purpose: 'guardian_consent' } });
  const guardian = { name: '欧阳守护', relation: '父亲', phone, code: await newestCode(city, phone) };
  expect(await decide(child, 'photo_use', { version: 1, agreed: true, guardian })).toMatchObject({ agreed: true, asks: false });
  expect(await of()).toMatchObject({ agreed: true, asks: false });
});

/** Somebody with records in every domain: once a manager who logged, now an officer who undid, revised nothing, and was revealed. */
async function somebodyEverywhere() {
  const [bureau, person] = [await city.someone('bureau'), await city.someone('manager')];
  const { personId } = person.caller;
  const siteId = await city.estate(5);
  const officer = await city.someone('officer', guangming);
  await officer.call('PUT /v1/sites/{siteId}/manager', { path: { siteId }, body: { personId, organisation: '翠湖物业' } });
  await person.call('PATCH /v1/me', { body: { name: '欧阳小鹿', home: { areaCode: cuihu, line: '梧桐深处 9 栋 901' } } });
  await decide(person, 'event_reminders', { version: 1, agreed: true });
  const batchId = crypto.randomUUID();
  const checkInDay = new Date(city.clock.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  await person.call('PUT /v1/sites/{siteId}/check-ins/{batchId}', {
    path: { siteId, batchId },
    body: { checkInDay, householdNos: [1, 2], source: 'list' },
  });
  await officer.call('POST /v1/people/{personId}/reveals', { path: { personId }, body: { reason: '核对', fields: ['phone'] } });
  await person.call('PUT /v1/me/message-channels', { body: { channels: 'sms', language: 'en' } });
  return { bureau, person, personId, siteId, officer, batchId };
}

describe('everything held about me', () => {
  test('is listed table by table, complete, as JSON and as a page to read', async () => {
    const { person, siteId, batchId } = await somebodyEverywhere();
    const { held } = await person.call('GET /v1/me/data');
    expect(held.map(({ table }) => table).sort()).toEqual(Object.keys(holdings).sort());
    const of = (table: string) => held.find((each) => each.table === table)?.records ?? [];
    expect(of('accounts')).toMatchObject([{ name: '欧阳小鹿', phone: person.phone, home: { line: '梧桐深处 9 栋 901' } }]);
    expect(of('sessions')).toHaveLength(1);
    expect(of('privacy')).toMatchObject([{ purpose: 'event_reminders', agreed: true }]);
    expect(
      of('messages')
        .map(({ text }) => text)
        .filter(Boolean),
    ).toEqual([expect.stringContaining('测试花园')]);
    expect(of('places')).toMatchObject([{ siteId, organisation: '翠湖物业', untilAt: null }]);
    expect(of('sorting')).toMatchObject([{ siteId, batchId, households: 2 }]);
    expect(of('audit').map(({ action }) => action)).toEqual(expect.arrayContaining(['site_handed_over', 'revealed']));
    const page = await fetch(`${city.url}/v1/me/data?format=html`, { headers: { authorization: `Bearer ${await person.token()}` } });
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(html).toContain('欧阳小鹿');
    expect(html).not.toMatch(/<script|https?:\/\//);
  });

  test('cannot break out of the page it is shown on', async () => {
    const me = await city.someone('resident');
    await me.call('PATCH /v1/me', { body: { name: `<img src=x onerror=alert(1)>"'&` } });
    const page = await fetch(`${city.url}/v1/me/data?format=html`, { headers: { authorization: `Bearer ${await me.token()}` } });
    expect(await page.text()).not.toContain('<img');
  });
});

describe('an erasure', () => {
  test('takes everything that leads to the person, keeps what must stay under a number, and says which and why', async () => {
    const { bureau, person, personId, siteId, batchId } = await somebodyEverywhere();
    const code = async () => {
      await fetch(`${city.url}/v1/sign-in/codes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phone: person.phone }),
      });
    };
    const { outcomes } = await person.call('DELETE /v1/me');
    expect(Object.fromEntries(outcomes.map(({ table, onErasure }) => [table, onErasure]))).toMatchObject({
      accounts: 'erased',
      sessions: 'erased',
      messages: 'erased',
      sorting: 'pseudonymised',
      audit: 'pseudonymised',
    });
    expect(outcomes.every(({ why }) => why['zh-CN'] && why.en)).toBe(true);

    const raw = await everythingIn(city.service.ports);
    for (const trace of ['欧阳小鹿', '梧桐深处', person.phone, person.phone.slice(3)]) expect(raw).not.toContain(trace);
    expect(await city.stores.accounts.person(personId)).toBeUndefined();
    expect(await city.stores.accounts.personByPhone(person.phone)).toBeUndefined();
    // What stays names nobody: the number stands where the list of holdings says that it stays, and nowhere else.
    const { db, tableNames } = city.service.ports;
    for (const [table, name] of Object.entries(tableNames) as [keyof typeof holdings, string][]) {
      const holds = (await everythingIn({ db, tableNames: { [table]: name } })).includes(personId);
      // Of the account it stays that its number is spent.
      if (!['pseudonymised', 'expires'].includes(holdings[table].onErasure)) expect([table, holds]).toEqual([table, table === 'accounts']);
    }
    const { Item } = await db.send(new GetCommand({ TableName: tableNames.accounts, Key: { pk: `PERSON#${personId}`, sk: 'PERSON' } }));
    expect(Object.keys(Item ?? {}).sort()).toEqual(['erasedAt', 'pk', 'sk']);
    expect((await city.stores.sorting.batch(siteId, batchId))?.loggedBy).toBe(personId);
    expect((await city.stores.places.site(siteId))?.manager).toBeNull();
    expect((await city.stores.places.tenures(siteId, 10, undefined)).managers[0]?.untilAt).not.toBeNull();
    const { entries } = await bureau.call('GET /v1/audit', { query: { personId, action: 'person_erased' } });
    expect(entries).toHaveLength(1);

    expect(await refusal(person.call('PATCH /v1/me', { body: { name: '又来了' } }))).not.toBe('allowed');
    await city.service.jobs({ job: 'send-messages', scheduledAt: city.clock });
    expect(city.service.outbox.sent(person.phone)[0]).toMatchObject({ kind: 'account_erased' });
    await code();
  });

  test('is final: nobody is ever given the number again, nor beside it while it happens', async () => {
    const bureau = await city.someone('bureau');
    const give = (personId: string, phone: string) =>
      refusal(bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone, name: '后来的人', role: 'clinic' } }));
    for (let i = 0; i < 4; i++) {
      const me = await city.someone('resident');
      const { personId } = me.caller;
      await Promise.all([refusal(me.call('DELETE /v1/me')), give(personId, me.phone)]);
      if (await city.stores.accounts.person(personId)) await refusal(me.call('DELETE /v1/me'));
      expect(await give(personId, nextPhone())).toBe('person_erased');
      expect(await city.stores.accounts.person(personId)).toBeUndefined();
    }
  });

  test('beside a decision leaves none that is not over', async () => {
    for (let i = 0; i < 4; i++) {
      const me = await city.someone('resident');
      await Promise.all([
        refusal(me.call('DELETE /v1/me')),
        ...Array.from({ length: 6 }, (_, n) => refusal(decide(me, 'photo_use', { version: 1, agreed: n % 2 === 0 }))),
      ]);
      expect((await city.stores.privacy.consentsOf(me.caller.personId)).filter(({ endedAt }) => !endedAt)).toEqual([]);
    }
  });

  test('leaves the phone free for a new account that knows nothing of the old one', async () => {
    const me = await city.someone('resident');
    await decide(me, 'photo_use', { version: 1, agreed: true });
    await me.call('DELETE /v1/me');
    const again = await city.someone('resident');
    await again.call('POST /v1/me/codes', { body: { phone: me.phone, purpose: 'change_phone' } });
    await again.call('PUT /v1/me/phone', { body: { phone: me.phone, code: await newestCode(city, me.phone) } });
    expect((await again.call('GET /v1/me/consents')).consents.every(({ asks }) => asks)).toBe(true);
  });

  test('by a token from before is not possible twice, nor anything else', async () => {
    const me = await city.someone('resident');
    const token = await me.token();
    await me.call('DELETE /v1/me');
    for (const [method, path] of [
      ['DELETE', '/v1/me'],
      ['GET', '/v1/me/consents'],
      ['GET', '/v1/me/data'],
    ] as const) {
      const response = await fetch(city.url + path, { method, headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(401);
    }
  });

  test('of the only account of the bureau is refused', async () => {
    let cursor: string | undefined;
    const first = await city.someone('bureau');
    const all: string[] = [];
    do {
      const page = await first.call('GET /v1/staff', { query: { role: 'bureau', limit: 100, ...(cursor ? { cursor } : {}) } });
      all.push(...page.staff.map(({ personId }) => personId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    for (const personId of all.filter((id) => id !== first.caller.personId)) {
      const person = await city.stores.accounts.person(personId);
      if (person) await city.stores.accounts.keep({ ...person, role: 'resident' });
    }
    expect(await refusal(first.call('DELETE /v1/me'))).toBe('last_bureau');
    // Two that look at the same time do not each leave it to the other.
    for (let i = 0; i < 3; i++) {
      const second = await city.someone('bureau');
      const demote = (who: Someone, other: Someone) =>
        refusal(
          who.call('PUT /v1/staff/{personId}', {
            path: { personId: other.caller.personId },
            body: { phone: other.phone, name: '让位', role: 'resident' },
          }),
        );
      await Promise.all(
        i % 2
          ? [refusal(first.call('DELETE /v1/me')), demote(second, first)]
          : [demote(first, second), refusal(second.call('DELETE /v1/me'))],
      );
      const { people } = await city.stores.accounts.staff('bureau', 10, undefined);
      expect(people.length).toBeGreaterThan(0);
      if (!(await city.stores.accounts.person(first.caller.personId)) || people[0]?.personId !== first.caller.personId) break;
    }
  });

  test('that broke off is finished by asking again', async () => {
    const { person, personId } = await somebodyEverywhere();
    const { db } = city.service.ports;
    const send = db.send.bind(db);
    let writes = 0;
    // The database goes away after the third write.
    db.send = ((command: { constructor: { name: string } }) =>
      /Update|Delete|Transact/.test(command.constructor.name) && ++writes > 3
        ? Promise.reject(new Error('away'))
        : send(command as never)) as typeof db.send;
    expect(await refusal(person.call('DELETE /v1/me'))).toBe('internal_error');
    db.send = send as typeof db.send;
    expect(await refusal(person.call('DELETE /v1/me'))).toBe('allowed');
    expect(await city.stores.accounts.person(personId)).toBeUndefined();
  });
});
