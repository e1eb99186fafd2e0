import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, Jar, newestCode, post, signInBySms } from '../support/browser-like.js';
import { nextPhone, useCity } from '../support/city.js';

const city = useCity();
const later = (seconds: number) => {
  city.clock = new Date(city.clock.getTime() + seconds * 1000);
};
const page = { accept: 'text/html' };
const go = (address: string, jar: Jar, headers: Record<string, string> = {}) =>
  fetch(address, { redirect: 'manual', headers: { ...jar.header(), ...headers } }).then((response) => jar.take(response));

/** To WeChat's authorise page, where the person chooses, and back to the address of our callback. */
async function throughWeChat(jar: Jar, returnTo: string, choice: Record<string, string>): Promise<string> {
  const away = await go(`${city.url}/v1/sign-in/wechat?returnTo=${encodeURIComponent(returnTo)}`, jar);
  expect(away.status).toBe(303);
  const authorise = new URL((away.headers.get('location') ?? '').split('#')[0] as string);
  expect(authorise.searchParams.get('scope')).toBe('snsapi_base');
  const choose = new URL('/stand-in/choose', authorise);
  choose.search = authorise.search;
  for (const [name, value] of Object.entries(choice)) choose.searchParams.set(name, value);
  const chosen = await fetch(choose, { redirect: 'manual' });
  expect(chosen.status).toBe(302);
  return chosen.headers.get('location') ?? '';
}
const back = async (jar: Jar, returnTo: string, choice: Record<string, string>, headers = page) =>
  go(await throughWeChat(jar, returnTo, choice), jar, headers);

async function link(jar: Jar, phone: string, code?: string): Promise<Response> {
  await post(city, '/v1/sign-in/codes', { phone });
  return jar.take(await post(city, '/v1/sign-in/wechat/link', { phone, code: code ?? (await newestCode(city, phone)) }, jar.header()));
}

describe('signing in by WeChat', () => {
  test('asks for a phone the first time, and for nothing ever after', async () => {
    const jar = new Jar();
    const phone = nextPhone();
    const first = await back(jar, '/manager#/sites/1?week=2026-W48', { user: '小鹿' });
    expect(first.headers.get('location')).toBe('/manager?wechat=link#/sites/1?week=2026-W48');
    expect(jar.cookies.has('gongzhi_session')).toBe(false);
    expect(jar.set.get('gongzhi_wechat_link')).toMatch(/Path=\/v1\/sign-in\/wechat; Max-Age=600; HttpOnly; SameSite=Strict/);
    const linked = await link(jar, phone);
    expect(linked.status).toBe(200);
    const { accessToken, person } = (await linked.json()) as { accessToken: string; person: { personId: string; phone: string } };
    expect(person.phone).toBe(phone);
    const me = await fetch(`${city.url}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(await me.json()).toMatchObject({ wechatLinked: true });

    const other = new Jar();
    const second = await back(other, '/', { user: '小鹿' });
    expect(second.headers.get('location')).toBe('/?wechat=in');
    const refreshed = await post(city, '/v1/sign-in/refresh', undefined, other.header());
    expect(await refreshed.json()).toMatchObject({ person: { personId: person.personId } });
  });

  test('links to the account that the phone has already', async () => {
    const known = await signInBySms(city);
    const jar = new Jar();
    await back(jar, '/', { user: '阿土' });
    const linked = (await (await link(jar, known.phone)).json()) as { person: { personId: string } };
    expect(linked.person.personId).toBe(known.person.personId);
  });

  test('can be taken off again: then the phone is asked for once more', async () => {
    const jar = new Jar();
    const phone = nextPhone();
    await back(jar, '/', { user: '晚风' });
    const { accessToken } = (await (await link(jar, phone)).json()) as { accessToken: string };
    const bearer = { authorization: `Bearer ${accessToken}` };
    expect((await post(city, '/v1/me/wechat', undefined, bearer, 'DELETE')).status).toBe(204);
    expect(await codeOf(await post(city, '/v1/me/wechat', undefined, bearer, 'DELETE'))).toBe('wechat_not_linked');
    expect((await back(new Jar(), '/', { user: '晚风' })).headers.get('location')).toBe('/?wechat=link');
  });

  test('gives a phone that has another WeChat user the new one, and the old one leads there no longer', async () => {
    const phone = nextPhone();
    for (const user of ['先前', '后来']) {
      const jar = new Jar();
      await back(jar, '/', { user });
      expect((await link(jar, phone)).status).toBe(200);
      later(601);
    }
    expect((await back(new Jar(), '/', { user: '先前' })).headers.get('location')).toBe('/?wechat=link');
    expect((await back(new Jar(), '/', { user: '后来' })).headers.get('location')).toBe('/?wechat=in');
  });
});

describe('what comes back from WeChat', () => {
  test('under a state that was used is refused: a state works once', async () => {
    const jar = new Jar();
    const address = await throughWeChat(jar, '/', { user: '小鹿' });
    const kept = { ...jar.header() };
    await go(address, jar, page);
    expect(await codeOf(await fetch(address, { redirect: 'manual', headers: kept }))).toBe('wechat_state_unknown');
  });
  test('in another browser than the one that left is refused, so that nobody is signed in as somebody else', async () => {
    const address = await throughWeChat(new Jar(), '/', { user: '小鹿' });
    const victim = new Jar();
    const landed = await go(address, victim, page);
    expect(landed.headers.get('location')).toBe('/?wechat=wechat_state_unknown');
    expect(victim.cookies.size).toBe(0);
  });
  test('after ten minutes is refused', async () => {
    const jar = new Jar();
    const address = await throughWeChat(jar, '/', { user: '小鹿' });
    later(600);
    expect(await codeOf(await go(address, jar))).toBe('wechat_state_unknown');
  });
  test('with a code that was used or never was is refused', async () => {
    const jar = new Jar();
    const address = new URL(await throughWeChat(jar, '/', { user: '小鹿' }));
    address.searchParams.set('code', 'made-up');
    expect(await codeOf(await go(address.href, jar))).toBe('wechat_code_refused');
    const again = new Jar();
    const used = new URL(await throughWeChat(again, '/', { user: '小鹿' }));
    const third = new Jar();
    const fresh = new URL(await throughWeChat(third, '/', { user: '小鹿' }));
    await go(used.href, again, page);
    fresh.searchParams.set('code', used.searchParams.get('code') ?? '');
    expect(await codeOf(await go(fresh.href, third))).toBe('wechat_code_refused');
  });
  test('as a snapshot user is refused, with words for the person', async () => {
    const jar = new Jar();
    expect((await back(jar, '/manager', { as: 'snapshot' })).headers.get('location')).toBe('/manager?wechat=wechat_snapshot_user');
    expect(jar.cookies.size).toBe(0);
    const asProgram = await back(new Jar(), '/', { as: 'snapshot' }, { accept: 'application/json' });
    expect([asProgram.status, await codeOf(asProgram)]).toEqual([403, 'wechat_snapshot_user']);
  });
  test('from a busy WeChat says so', async () => {
    expect((await back(new Jar(), '/', { as: 'busy' })).headers.get('location')).toBe('/?wechat=wechat_unavailable');
  });
  test('from one who declined is refused', async () => {
    const jar = new Jar();
    const address = new URL(await throughWeChat(jar, '/', { user: '小鹿' }));
    address.searchParams.delete('code');
    expect(await codeOf(await go(address.href, jar))).toBe('wechat_code_refused');
  });
  test.each(['https://evil.invalid/', '//evil.invalid/', '/\\evil.invalid', '/%0d%0aLocation: x\n', 'javascript:alert(1)', ''])(
    'never leads to another site: %s is no place to return to',
    async (returnTo) => {
      const response = await go(`${city.url}/v1/sign-in/wechat?returnTo=${encodeURIComponent(returnTo)}`, new Jar());
      expect(await response.json()).toMatchObject({ code: 'invalid_request', fields: [{ path: 'returnTo' }] });
    },
  );
});

describe('linking', () => {
  test('needs the ticket of the browser that came back, and the code of the phone', async () => {
    expect(await codeOf(await link(new Jar(), nextPhone()))).toBe('wechat_link_expired');
    const jar = new Jar();
    await back(jar, '/', { user: '甲' });
    expect(await codeOf(await link(jar, nextPhone(), '000000'))).toBe('code_wrong');
    const phone = nextPhone();
    const kept = { ...jar.header() };
    expect((await link(jar, phone)).status).toBe(200);
    later(601);
    await post(city, '/v1/sign-in/codes', { phone });
    const twice = await post(city, '/v1/sign-in/wechat/link', { phone, code: await newestCode(city, phone) }, kept);
    expect(await codeOf(twice)).toBe('wechat_link_expired');
  });
  test('ends ten minutes after the return', async () => {
    const jar = new Jar();
    await back(jar, '/', { user: '乙' });
    later(600);
    expect(await codeOf(await link(jar, nextPhone()))).toBe('wechat_link_expired');
  });
  test('by two phones at once gives the WeChat user to one of them', async () => {
    const [one, two] = [new Jar(), new Jar()];
    await back(one, '/', { user: '丙' });
    await back(two, '/', { user: '丙' });
    const answers = await Promise.all([link(one, nextPhone()), link(two, nextPhone())]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('the signature for the JS-SDK', () => {
  const ask = (url: string) => fetch(`${city.url}/v1/wechat/signature?url=${encodeURIComponent(url)}`);
  test('signs a page of ours without its fragment', async () => {
    const [one, two] = [await ask(`${city.url}/manager?x=1#/sites/1`), await ask(`${city.url}/manager?x=1`)];
    const signed = (await one.json()) as { appId: string; timestamp: number; nonceStr: string; signature: string };
    expect(signed).toMatchObject({ appId: expect.stringMatching(/^wx/), signature: expect.stringMatching(/^[0-9a-f]{40}$/) });
    const ticket = await city.stores.wechatTicket();
    const text = `jsapi_ticket=${ticket}&noncestr=${signed.nonceStr}&timestamp=${signed.timestamp}&url=${city.url}/manager?x=1`;
    expect(createHash('sha1').update(text).digest('hex')).toBe(signed.signature);
    expect(two.status).toBe(200);
  });
  test.each(['https://evil.invalid/', 'http://127.0.0.1:1/', 'nonsense', 'javascript:1'])('signs nobody else’s page: %s', async (url) => {
    expect(await codeOf(await ask(url))).toBe('not_our_page');
  });
  test('asks WeChat for its ticket once in two hours', async () => {
    await ask(`${city.url}/`);
    const before = await city.stores.wechatTicket();
    later(3600);
    await ask(`${city.url}/`);
    expect(await city.stores.wechatTicket()).toBe(before);
  });
  test('says that WeChat is away when it is, and works again when it is back', async () => {
    later(3 * 3600);
    city.service.wechat.setBusy(10);
    const away = await ask(`${city.url}/`);
    expect([away.status, await codeOf(away)]).toEqual([503, 'wechat_unavailable']);
    city.service.wechat.setBusy(0);
    expect((await ask(`${city.url}/`)).status).toBe(200);
  });
});
