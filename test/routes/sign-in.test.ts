import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { nextPhone, refusal, useCity } from '../support/city.js';

const city = useCity();
const post = (path: string, body?: unknown, cookie?: string) =>
  fetch(city.url + path, {
    method: path === '/v1/session' ? 'DELETE' : 'POST',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(cookie ? { cookie } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};

async function newestCode(phone: string): Promise<string> {
  const response = await fetch(`${city.url}/local/outbox.json?to=${encodeURIComponent(phone)}`);
  const [newest] = (await response.json()) as { to: string; kind: string; text: string; code: string }[];
  expect(newest?.text).toContain(newest?.code);
  return newest?.code ?? '';
}
async function signIn(phone: string) {
  expect((await post('/v1/sign-in/codes', { phone })).status).toBe(204);
  const response = await post('/v1/sign-in', { phone, code: await newestCode(phone) });
  const cookie = response.headers.get('set-cookie') ?? '';
  return { response, cookie, token: cookie.split(';')[0] as string, body: await response.json() };
}
const code = async (response: Response) => ((await response.json()) as { code: string }).code;

test('a phone seen for the first time becomes a resident, and the same one ever after', async () => {
  const phone = nextPhone();
  const first = await signIn(phone);
  expect(first.body).toMatchObject({ person: { role: 'resident', phone, name: null, scope: {} } });
  expect((await signIn(phone)).body.person.personId).toBe(first.body.person.personId);
  const me = await fetch(`${city.url}/v1/me`, { headers: { authorization: `Bearer ${first.body.accessToken}` } });
  expect(await me.json()).toMatchObject(first.body.person);
});

test.each(['199 0080 0001', '+86 199-0080-0001', '１９９００８００００１', '8619900800001', '+8619900800001'])(
  'a phone may be written as %s',
  async (written) => {
    expect((await post('/v1/sign-in/codes', { phone: written })).status).toBe(204);
    expect(await newestCode('+8619900800001')).toMatch(/^\d{6}$/);
    later(601);
  },
);

test.each(['12345', '+8675512345678', 'abc-def-ghij', '0'.repeat(25)])(
  '%s is not a mobile number, and the field says so',
  async (phone) => {
    const response = await post('/v1/sign-in/codes', { phone });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', fields: [{ path: 'phone', code: 'invalid_phone' }] });
  },
);

test('the sixth code within ten minutes is refused with the seconds to wait, and given after them', async () => {
  const phone = nextPhone();
  for (let i = 0; i < 5; i++) expect((await post('/v1/sign-in/codes', { phone })).status).toBe(204);
  const refused = await post('/v1/sign-in/codes', { phone });
  expect([refused.status, await code(refused)]).toEqual([429, 'too_many_codes']);
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(600);
  later(seconds);
  expect((await post('/v1/sign-in/codes', { phone })).status).toBe(204);
});

test('a phone is sent thirty codes a day at most, however slowly it asks', async () => {
  later(86_400 - (Math.floor(city.clock.getTime() / 1000) % 86_400));
  const phone = nextPhone();
  for (let i = 0; i < 30; i++) {
    if (i > 0 && i % 5 === 0) later(600);
    expect((await post('/v1/sign-in/codes', { phone })).status).toBe(204);
  }
  later(600);
  const refused = await post('/v1/sign-in/codes', { phone });
  expect([refused.status, await code(refused)]).toEqual([429, 'too_many_codes']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_600);
});

test('one address cannot ask for codes without end, whatever the phones', async () => {
  later(3600);
  const statuses: number[] = [];
  for (let i = 0; i < 201; i++) statuses.push((await post('/v1/sign-in/codes', { phone: nextPhone() })).status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  expect(statuses.at(-1)).toBe(429);
  later(3600);
});

test('after five wrong tries the right code is refused too', async () => {
  const phone = nextPhone();
  await post('/v1/sign-in/codes', { phone });
  const right = await newestCode(phone);
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
  for (let i = 0; i < 5; i++) expect(await code(await post('/v1/sign-in', { phone, code: wrong }))).toBe('code_wrong');
  expect(await code(await post('/v1/sign-in', { phone, code: right }))).toBe('code_wrong');
});

test('the fifth try may still be right', async () => {
  const phone = nextPhone();
  await post('/v1/sign-in/codes', { phone });
  const right = await newestCode(phone);
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
  for (let i = 0; i < 4; i++) await post('/v1/sign-in', { phone, code: wrong });
  expect((await post('/v1/sign-in', { phone, code: right })).status).toBe(200);
});

test('a code lives five minutes, works once, and is void when another is sent', async () => {
  const phone = nextPhone();
  await post('/v1/sign-in/codes', { phone });
  const stale = await newestCode(phone);
  later(300);
  expect((await post('/v1/sign-in', { phone, code: stale })).status).toBe(401);
  await post('/v1/sign-in/codes', { phone });
  const first = await newestCode(phone);
  await post('/v1/sign-in/codes', { phone });
  const second = await newestCode(phone);
  if (first !== second) expect((await post('/v1/sign-in', { phone, code: first })).status).toBe(401);
  const races = await Promise.all(Array.from({ length: 10 }, () => post('/v1/sign-in', { phone, code: second })));
  expect(races.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('the refresh cookie is out of reach of scripts and other sites', async () => {
  const { cookie } = await signIn(nextPhone());
  expect(cookie).toMatch(/^gongzhi_session=[\w.-]+; Path=\/v1; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
});

test('a refresh token is traded for its successor; two pages at once are given the same one', async () => {
  const { token } = await signIn(nextPhone());
  const [a, b] = await Promise.all([post('/v1/sign-in/refresh', undefined, token), post('/v1/sign-in/refresh', undefined, token)]);
  expect([a.status, b.status]).toEqual([200, 200]);
  const next = a.headers.get('set-cookie')?.split(';')[0] as string;
  expect(next).not.toBe(token);
  later(120);
  expect((await post('/v1/sign-in/refresh', undefined, token)).headers.get('set-cookie')?.split(';')[0]).toBe(next);
  expect(b.headers.get('set-cookie')?.split(';')[0]).toBe(next);
  expect((await post('/v1/sign-in/refresh', undefined, next)).status).toBe(200);
});

test('a replaced refresh token that turns up later ends the session, for its thief and its owner', async () => {
  const { token } = await signIn(nextPhone());
  const next = (await post('/v1/sign-in/refresh', undefined, token)).headers.get('set-cookie')?.split(';')[0] as string;
  later(121);
  expect(await code(await post('/v1/sign-in/refresh', undefined, token))).toBe('session_ended');
  expect(await code(await post('/v1/sign-in/refresh', undefined, next))).toBe('session_ended');
});

test('signing out ends the session and clears the cookie', async () => {
  const { token } = await signIn(nextPhone());
  const out = await post('/v1/session', undefined, token);
  expect(out.status).toBe(204);
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  expect((await post('/v1/sign-in/refresh', undefined, token)).status).toBe(401);
});

test.each(['', 'gongzhi_session=', 'gongzhi_session=x.y', `gongzhi_session=${randomUUID()}.${randomUUID()}.0.${'a'.repeat(43)}`])(
  'a cookie that is none (%s) is refused, not an error',
  async (cookie) => {
    expect((await post('/v1/sign-in/refresh', undefined, cookie)).status).toBe(401);
  },
);

test('an access token lives fifteen minutes', async () => {
  const { body } = await signIn(nextPhone());
  const me = () => fetch(`${city.url}/v1/me`, { headers: { authorization: `Bearer ${body.accessToken}` } });
  later(899);
  expect((await me()).status).toBe(200);
  later(2);
  const late = await me();
  expect([late.status, late.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
});

test('a manager is told the own sites, an officer the street', async () => {
  const manager = await city.someone('manager');
  const siteId = await city.estate(1, { manager });
  expect((await manager.call('GET /v1/me')).scope).toEqual({ siteIds: [siteId] });
  const officer = await city.someone('officer', '440311001');
  expect((await officer.call('GET /v1/me')).scope).toEqual({ areaCode: '440311001' });
});

test('the bureau gives a resident a role, and the next sign-in carries it', async () => {
  const bureau = await city.someone('bureau');
  const phone = nextPhone();
  const { personId } = (await signIn(phone)).body.person;
  const found = await bureau.call('POST /v1/staff/look-up', { body: { phone } });
  expect(found).toMatchObject({ personId, role: 'resident', maskedPhone: expect.stringMatching(/^199\*{4}\d{4}$/) });
  const staff = { phone, name: '陈立', role: 'officer' as const, areaCode: '440311001' };
  await bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: staff });
  expect((await signIn(phone)).body.person).toMatchObject({ personId, name: '陈立', role: 'officer', scope: { areaCode: '440311001' } });
});

test('a phone belongs to one account, even when two are made for it at once', async () => {
  const bureau = await city.someone('bureau');
  const phone = nextPhone();
  const put = () =>
    refusal(bureau.call('PUT /v1/staff/{personId}', { path: { personId: randomUUID() }, body: { phone, name: '张敏', role: 'clinic' } }));
  const answers = await Promise.all(Array.from({ length: 5 }, put));
  expect(answers.sort()).toEqual(['allowed', 'phone_taken', 'phone_taken', 'phone_taken', 'phone_taken']);
});

test('an account that ten change at once is changed by all of them, one after another', async () => {
  const bureau = await city.someone('bureau');
  const personId = randomUUID();
  const put = (phone: string) =>
    refusal(bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone, name: '张敏', role: 'clinic' } }));
  const same = nextPhone();
  expect(new Set(await Promise.all(Array.from({ length: 10 }, () => put(same))))).toEqual(new Set(['allowed']));
  expect(new Set(await Promise.all(Array.from({ length: 10 }, () => put(nextPhone()))))).toEqual(new Set(['allowed']));
});

test('a changed phone frees the old number', async () => {
  const bureau = await city.someone('bureau');
  const [old, next] = [nextPhone(), nextPhone()];
  const put = (personId: string, phone: string) =>
    refusal(bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone, name: '张敏', role: 'clinic' } }));
  const [one, two] = [randomUUID(), randomUUID()];
  expect([await put(one, old), await put(one, next), await put(two, old), await put(two, next)]).toEqual([
    'allowed',
    'allowed',
    'allowed',
    'phone_taken',
  ]);
});

test.each([
  [{ role: 'officer' }, 'an officer without a street'],
  [{ role: 'officer', areaCode: '440311' }, 'an officer of a whole district'],
  [{ role: 'manager', areaCode: '440311001' }, 'a manager with a street'],
])('%o is refused: %s', async (facts: object, _why) => {
  const bureau = await city.someone('bureau');
  const response = await fetch(`${city.url}/v1/staff/${randomUUID()}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await bureau.token()}` },
    body: JSON.stringify({ phone: nextPhone(), name: '张敏', ...facts }),
  });
  expect(await response.json()).toMatchObject({ fields: [{ path: 'areaCode', code: 'street_of_officer' }] });
});

test('the bureau cannot lock itself out, and no street is made up', async () => {
  const bureau = await city.someone('bureau');
  const own = { path: { personId: bureau.caller.personId }, body: { phone: bureau.phone, name: '自己', role: 'resident' as const } };
  expect(await refusal(bureau.call('PUT /v1/staff/{personId}', own))).toBe('own_role');
  const elsewhere = { phone: nextPhone(), name: '张敏', role: 'officer' as const, areaCode: '440311999' };
  expect(await refusal(bureau.call('PUT /v1/staff/{personId}', { path: { personId: randomUUID() }, body: elsewhere }))).toBe(
    'area_not_found',
  );
});

test('the staff list masks phones, follows its pages and filters by role', async () => {
  const bureau = await city.someone('bureau');
  for (let i = 0; i < 5; i++) await city.someone('manager');
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await bureau.call('GET /v1/staff', { query: { limit: 2, role: 'manager', ...(cursor ? { cursor } : {}) } });
    expect(page.staff.every(({ role, maskedPhone }) => role === 'manager' && /^\d{3}\*{4}\d{4}$/.test(maskedPhone))).toBe(true);
    seen.push(...page.staff.map(({ personId }) => personId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(6);
  const all = await bureau.call('GET /v1/staff', { query: { limit: 100 } });
  expect(all.staff.some(({ role }) => role === 'bureau')).toBe(true);
  expect(all.staff.some(({ role }) => (role as string) === 'resident')).toBe(false);
  const odd = Buffer.from('officer#00000000-0000-4000-8000-000000000000').toString('base64url');
  expect(await refusal(bureau.call('GET /v1/staff', { query: { role: 'bureau', cursor: odd } }))).toBe('invalid_cursor');
  expect(await refusal(bureau.call('GET /v1/staff', { query: { cursor: 'nonsense' } }))).toBe('invalid_cursor');
});

test('names and phones are sealed in the database', async () => {
  const phone = nextPhone();
  const { personId } = (await signIn(phone)).body.person;
  const bureau = await city.someone('bureau');
  await bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body: { phone, name: '欧阳小鹿', role: 'clinic' } });
  const { ScanCommand } = await import('@aws-sdk/lib-dynamodb');
  const { Items } = await city.service.ports.db.send(new ScanCommand({ TableName: city.service.ports.tableNames.accounts }));
  const raw = JSON.stringify(Items);
  expect(raw).toContain(personId);
  expect(raw).not.toContain('欧阳小鹿');
  expect(raw).not.toContain(phone.slice(3));
});
