import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { keyFileName, rotate } from '../../infra/local/key-file.js';
import { mostSessions } from '../../shared/sessions/rules.js';
import { codeOf, post, signInBySms } from '../support/browser-like.js';
import { nextPhone, refusal, useCity } from '../support/city.js';

const city = useCity();
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
const get = (path: string, headers: Record<string, string>) => fetch(city.url + path, { headers });

describe('where I am signed in', () => {
  test('is listed with the device, the way in and which one asks', async () => {
    const phone = nextPhone();
    const first = await signInBySms(city, phone, 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0');
    later(60);
    const second = await signInBySms(city, phone);
    const { sessions } = (await (await get('/v1/me/sessions', second.bearer)).json()) as { sessions: Record<string, unknown>[] };
    expect(sessions).toMatchObject([
      { current: true, way: 'sms', device: 'iOS · Safari' },
      { current: false, way: 'sms', device: 'Android · WeChat' },
    ]);
    expect(JSON.stringify(sessions)).not.toContain('Mozilla');
    expect(first.person.personId).toBe(second.person.personId);
  });

  test('can be ended there, and the tokens of that session with it, at once', async () => {
    const phone = nextPhone();
    const [lost, kept] = [await signInBySms(city, phone), await signInBySms(city, phone)];
    const { sessions } = (await (await get('/v1/me/sessions', kept.bearer)).json()) as {
      sessions: { sessionId: string; current: boolean }[];
    };
    const other = sessions.find(({ current }) => !current)?.sessionId ?? '';
    expect((await post(city, `/v1/me/sessions/${other}`, undefined, kept.bearer, 'DELETE')).status).toBe(204);
    expect(await codeOf(await get('/v1/me', lost.bearer))).toBe('session_ended');
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, lost.jar.header()))).toBe('session_ended');
    expect((await get('/v1/me', kept.bearer)).status).toBe(200);
    expect(await codeOf(await post(city, `/v1/me/sessions/${other}`, undefined, kept.bearer, 'DELETE'))).toBe('session_not_found');
  });

  test('is nobody else’s to end', async () => {
    const [mine, theirs] = [await signInBySms(city), await signInBySms(city)];
    const { sessions } = (await (await get('/v1/me/sessions', theirs.bearer)).json()) as { sessions: { sessionId: string }[] };
    const refused = await post(city, `/v1/me/sessions/${sessions[0]?.sessionId}`, undefined, mine.bearer, 'DELETE');
    expect(await codeOf(refused)).toBe('session_not_found');
    expect((await get('/v1/me', theirs.bearer)).status).toBe(200);
  });

  test('can be ended everywhere but here', async () => {
    const phone = nextPhone();
    const others = [await signInBySms(city, phone), await signInBySms(city, phone)];
    const here = await signInBySms(city, phone);
    expect((await post(city, '/v1/me/sessions', undefined, here.bearer, 'DELETE')).status).toBe(204);
    for (const { bearer } of others) expect((await get('/v1/me', bearer)).status).toBe(401);
    expect((await get('/v1/me', here.bearer)).status).toBe(200);
  });

  test('is in ten places at most: the one used least lately makes room, and twelve at once lose none of their own', async () => {
    later(601);
    const bureau = await city.someone('bureau');
    const { personId } = bureau.caller;
    const roleOf = async () => ({ role: 'bureau' as const });
    const ids = Array.from({ length: 12 }, () => randomUUID());
    await Promise.all(
      ids.map((sessionId) => city.stores.sessions.openSession({ sessionId, personId, way: 'sms', device: 'x' }, roleOf, city.clock)),
    );
    const living = await city.stores.sessions.sessionsOf(personId, city.clock);
    expect(living).toHaveLength(mostSessions);
  });
});

describe('a role that changes', () => {
  test('takes effect at once: the token before is void, and the next one says the new role', async () => {
    const bureau = await city.someone('bureau');
    const officer = await signInBySms(city);
    const { personId } = officer.person;
    const give = (role: 'officer' | 'manager' | 'resident', areaCode?: string) =>
      bureau.call('PUT /v1/staff/{personId}', {
        path: { personId },
        body: { phone: officer.phone, name: '陈立', role, ...(areaCode ? { areaCode } : {}) },
      });
    const refresh = async () => {
      const response = officer.jar.take(await post(city, '/v1/sign-in/refresh', undefined, officer.jar.header()));
      const { accessToken } = (await response.json()) as { accessToken: string };
      return { authorization: `Bearer ${accessToken}` };
    };
    await give('officer', '440311001');
    expect(await codeOf(await get('/v1/sites', officer.bearer))).toBe('sign_in_needed');
    const asOfficer = await refresh();
    expect((await get('/v1/sites', asOfficer)).status).toBe(200);
    await give('officer', '440311002');
    expect(await codeOf(await get('/v1/sites', asOfficer))).toBe('sign_in_needed');
    const moved = await refresh();
    expect((await get('/v1/sites?areaCode=440311002', moved)).status).toBe(200);
    await give('resident');
    expect(await codeOf(await get('/v1/sites', moved))).toBe('sign_in_needed');
    expect(await codeOf(await get('/v1/sites', await refresh()))).toBe('role_not_allowed');
  });

  test('while somebody signs in leaves no session with the old role', async () => {
    const bureau = await city.someone('bureau');
    for (let i = 0; i < 5; i++) {
      const resident = await signInBySms(city);
      const { personId } = resident.person;
      const body = { phone: resident.phone, name: '陈立', role: 'clinic' as const };
      const roleOf = async () => {
        const person = await city.stores.accounts.person(personId);
        return { role: person?.role ?? 'resident' };
      };
      const open = () =>
        city.stores.sessions.openSession({ sessionId: randomUUID(), personId, way: 'sms', device: 'x' }, roleOf, city.clock);
      await Promise.all([open(), bureau.call('PUT /v1/staff/{personId}', { path: { personId }, body }), open(), open()]);
      expect((await city.stores.sessions.standingOf(personId))?.role).toBe('clinic');
    }
  });
});

describe('a stolen refresh token', () => {
  test('ends the session for thief and owner once it is used beside the owner’s, and the owner is told', async () => {
    const owner = await signInBySms(city);
    const stolen = { ...owner.jar.header() };
    owner.jar.take(await post(city, '/v1/sign-in/refresh', undefined, owner.jar.header()));
    later(121);
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, stolen))).toBe('session_ended');
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, owner.jar.header()))).toBe('session_ended');
    const again = await signInBySms(city, owner.phone);
    const { messages } = (await (await get('/v1/me/messages', again.bearer)).json()) as { messages: { template: string }[] };
    expect(messages.map(({ template }) => template)).toEqual(['session_reuse_ended']);
  });
  test('that the thief uses first ends when the owner comes', async () => {
    const owner = await signInBySms(city);
    const thief = { ...owner.jar.header() };
    const taken = await post(city, '/v1/sign-in/refresh', undefined, thief);
    const { accessToken } = (await taken.json()) as { accessToken: string };
    later(121);
    await post(city, '/v1/sign-in/refresh', undefined, owner.jar.header());
    expect(await codeOf(await get('/v1/me', { authorization: `Bearer ${accessToken}` }))).toBe('session_ended');
  });
  test('is known for one however often the thief has renewed it since', async () => {
    const owner = await signInBySms(city);
    const stolen = { ...owner.jar.header() };
    for (let i = 0; i < 300; i++) owner.jar.take(await post(city, '/v1/sign-in/refresh', undefined, owner.jar.header()));
    later(121);
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, stolen))).toBe('session_ended');
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, owner.jar.header()))).toBe('session_ended');
  });
  test('that was never given out ends nothing, whoever made it up', async () => {
    const owner = await signInBySms(city);
    const [person, session] = (owner.jar.cookies.get('gongzhi_session') ?? '').split('.');
    const made = { cookie: `gongzhi_session=${person}.${session}.0.${'a'.repeat(43)}` };
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, made))).toBe('session_ended');
    expect((await post(city, '/v1/session', undefined, made, 'DELETE')).status).toBe(204);
    expect((await post(city, '/v1/sign-in/refresh', undefined, owner.jar.header())).status).toBe(200);
  });
  test('of another session of the same person cannot be made of one’s own', async () => {
    const phone = nextPhone();
    const [one, two] = [await signInBySms(city, phone), await signInBySms(city, phone)];
    const [person, , step, secret] = (one.jar.cookies.get('gongzhi_session') ?? '').split('.');
    const [, session] = (two.jar.cookies.get('gongzhi_session') ?? '').split('.');
    const forged = { cookie: `gongzhi_session=${person}.${session}.${step}.${secret}` };
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, forged))).toBe('session_ended');
  });
});

describe('a call by cookie', () => {
  test.each([
    ['another site’s page', { origin: 'https://evil.invalid' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a neighbouring site, as the browser says', { 'sec-fetch-site': 'same-site' }],
    ['a foreign site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
  ])('from %s is refused, and changes nothing', async (_who, headers) => {
    const { jar } = await signInBySms(city);
    expect(await codeOf(await post(city, '/v1/sign-in/refresh', undefined, { ...jar.header(), ...headers }))).toBe('cross_site');
    expect(await codeOf(await post(city, '/v1/session', undefined, { ...jar.header(), ...headers }, 'DELETE'))).toBe('cross_site');
    const own = { ...jar.header(), origin: city.url, 'sec-fetch-site': 'same-origin' };
    expect((await post(city, '/v1/sign-in/refresh', undefined, own)).status).toBe(200);
  });
  test('is never enough for anything else: the cookie opens no other door', async () => {
    const { jar } = await signInBySms(city);
    expect(await codeOf(await get('/v1/me', jar.header()))).toBe('sign_in_needed');
    expect(await codeOf(await post(city, '/v1/me', undefined, jar.header(), 'DELETE'))).toBe('sign_in_needed');
  });
});

describe('the published keys', () => {
  test('verify a token anywhere, through a rotation and after it', async () => {
    const jwks = async () => (await (await get('/.well-known/jwks.json', {})).json()) as Parameters<typeof createLocalJWKSet>[0];
    const verify = async (token: string) =>
      jwtVerify(token, createLocalJWKSet(await jwks()), { issuer: 'gongzhi', audience: 'gongzhi-api', currentDate: city.clock });
    const before = await signInBySms(city);
    expect((await verify(before.accessToken)).payload.sub).toBe(before.person.personId);
    rotate(city.dataDir, 'signing', new Date(city.clock.getTime() + 600_000));
    expect((await jwks()).keys).toHaveLength(2);
    later(601);
    const after = await signInBySms(city);
    const kids = [before, after].map(
      ({ accessToken }) => JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()).kid,
    );
    expect(kids[0]).not.toBe(kids[1]);
    for (const { bearer } of [before, after]) expect((await get('/v1/me', bearer)).status).toBe(200);
    expect((await verify(before.accessToken)).payload.sub).toBe(before.person.personId);
    later(905);
    expect((await jwks()).keys).toHaveLength(1);
    expect(JSON.stringify(await jwks())).not.toContain('"d"');
    expect(keyFileName).toBe('keys.json');
  });
});

test('a member of staff who is signed out cannot go on with the token', async () => {
  const officer = await city.someone('officer', '440311001');
  expect(await refusal(officer.call('GET /v1/sites', { query: {} }))).toBe('allowed');
  const token = await officer.token();
  await city.stores.sessions.endSession(officer.caller.personId, officer.caller.sessionId);
  expect(await codeOf(await get('/v1/sites', { authorization: `Bearer ${token}` }))).toBe('session_ended');
});
