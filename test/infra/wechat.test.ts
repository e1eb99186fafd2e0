import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WeChatRefused } from '../../functions/platform/wechat.js';
import { weChatOver } from '../../functions/platform/wechat-api.js';
import { type StandIn, startWeChat } from '../../infra/local/wechat/stand-in.js';
import type { Delivered } from '../../infra/local/wechat/templates.js';

const appId = 'wx0123456789abcdef';
const appSecret = 'secret-of-the-account';
const start = Date.UTC(2026, 10, 16, 2);
const back = 'http://localhost:3000/wechat/back?from=home';
const state = 'zCz3q-_8aR';

let at = start;
let weChat: StandIn;
let delivered: Delivered[] = [];
const api = (settings: Partial<Parameters<typeof weChatOver>[0]> = {}) =>
  weChatOver({ appId, appSecret, apiBase: weChat.url, openBase: weChat.url, timeoutMs: 2000, ...settings });
const standIn = (port = 0) =>
  startWeChat({ port, appId, appSecret, now: () => new Date(at), onTemplate: (message) => delivered.push(message) });

beforeAll(async () => {
  weChat = await standIn();
});
afterAll(() => weChat.stop());
beforeEach(() => {
  at = start;
  delivered = [];
  weChat.setBusy(0);
});

/** What no refusal may carry; the tests add the codes and tokens they meet. */
const secrets = [appSecret, 'secret-of-another', 'made-up-code', 'made-up-token'];
/** The outcome of a call that must be refused, after a look through the whole error for anything secret. */
async function refusalOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WeChatRefused);
  const said = inspect(error, { depth: 9, showHidden: true });
  expect([...secrets, weChat.openidOf('小鹿'), weChat.openidOf('路过的云')].filter((secret) => said.includes(secret))).toEqual([]);
  const { errcode, reason } = error as WeChatRefused;
  return [errcode, reason];
}

const authorise = (change: (query: URLSearchParams) => void = () => undefined) => {
  const address = new URL(api().authorizeUrl(back, state));
  change(address.searchParams);
  return address;
};
/** Goes through the page as a browser would: each form's own action, its hidden fields and the button chosen. */
async function choose(name: 'user' | 'as', value: string): Promise<URL> {
  const page = await (await fetch(authorise())).text();
  const [, action = ''] = /<form action="([^"]+)"/.exec(page) ?? [];
  const [form = ''] = page.split('</form>');
  const hidden = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, key = '', raw = '']) => [key, plain(raw)]);
  const address = new URL(action, weChat.url);
  address.search = new URLSearchParams([...hidden, [name, value]]).toString();
  const answer = await fetch(address, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location') ?? '');
}
const plain = (html: string) => html.replace(/&#(\d+);/g, (_, sign) => String.fromCharCode(Number(sign)));
const codeOf = async (name: 'user' | 'as', value: string) => {
  const code = (await choose(name, value)).searchParams.get('code') ?? '';
  secrets.push(code);
  return code;
};
const tokenOf = async () => {
  const { value } = await api().accessToken();
  secrets.push(value);
  return value;
};

describe('the authorise page', () => {
  test('is asked for in the order WeChat insists on, without a question to the person', () => {
    expect(
      weChatOver({ appId, appSecret, apiBase: '', openBase: 'https://open.weixin.qq.com', timeoutMs: 1 }).authorizeUrl(back, state),
    ).toBe(
      `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${appId}&redirect_uri=${encodeURIComponent(back)}&response_type=code&scope=snsapi_base&state=${state}#wechat_redirect`,
    );
  });

  test('offers people in Chinese, and needs no script', async () => {
    const answer = await fetch(authorise());
    const page = await answer.text();
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('小鹿');
    expect(page).toContain('<label for="user">');
    expect(page).not.toContain('<script');
  });

  test('sends whoever was chosen back with a code and the state, keeping what the address had', async () => {
    const address = await choose('user', '小鹿');
    expect(address.origin + address.pathname).toBe('http://localhost:3000/wechat/back');
    expect([...address.searchParams.keys()]).toEqual(['from', 'code', 'state']);
    expect(address.searchParams.get('state')).toBe(state);
  });

  test.each([
    ['another account', 'appid', 'wx00', '错误码：40013'],
    ['no account', 'appid', '', '错误码：10012'],
    ['no way back', 'redirect_uri', '', '错误码：10011'],
    ['a way back elsewhere', 'redirect_uri', 'https://evil.example/', '错误码：10003'],
    ['a way back that is no page', 'redirect_uri', 'javascript://localhost/%0aalert(1)', '错误码：10003'],
    ['another response', 'response_type', 'token', 'response_type 参数错误'],
    ['no scope', 'scope', '', '错误码：10010'],
    ['a scope the account has not', 'scope', 'snsapi_login', '错误码：10005'],
    ['a state too long to keep', 'state', 's'.repeat(129), 'state 参数过长'],
  ])('refuses %s, as does the choice', async (_, name, value, words) => {
    const address = authorise((query) => query.set(name, value));
    for (const path of [address.pathname, '/stand-in/choose']) {
      const answer = await fetch(new URL(path + address.search, weChat.url), { redirect: 'manual' });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(words);
    }
  });

  test('refuses parameters in another order', async () => {
    const address = authorise((query) => {
      query.delete('appid');
      query.append('appid', appId);
    });
    expect(await (await fetch(address)).text()).toContain('链接参数顺序错误');
  });

  test('keeps what is said in an address from becoming markup', async () => {
    const page = await (await fetch(authorise((query) => query.set('state', '"><b>&')))).text();
    expect(page).not.toContain('<b>');
    expect(page).toContain('value="&#34;&#62;&#60;b&#62;&#38;"');
  });
});

describe('a code', () => {
  test('tells who came, the same person each time and after a restart', async () => {
    const first = await api().userOf(await codeOf('user', '小鹿'));
    const again = await api().userOf(await codeOf('user', ' 小鹿 '));
    expect(first).toEqual({ openid: weChat.openidOf('小鹿'), snapshot: false });
    expect(again).toEqual(first);
    expect((await api().userOf(await codeOf('user', '自己打的名字'))).openid).not.toBe(first.openid);
    const restarted = await standIn();
    expect(restarted.openidOf('小鹿')).toBe(first.openid);
    await restarted.stop();
  });

  test('works once', async () => {
    const code = await codeOf('user', '阿土');
    await api().userOf(code);
    expect(await refusalOf(api().userOf(code))).toEqual([40163, 'code_used']);
  });

  test('works within five minutes', async () => {
    const [inTime, late] = [await codeOf('user', '阿土'), await codeOf('user', '阿土')];
    at += 5 * 60_000 - 1;
    await api().userOf(inTime);
    at += 1;
    expect(await refusalOf(api().userOf(late))).toEqual([40029, 'code_invalid']);
  });

  test('nobody gave is invalid', async () => {
    expect(await refusalOf(api().userOf('made-up-code'))).toEqual([40029, 'code_invalid']);
  });

  test('of a snapshot page says so, and is the same made-up user for all', async () => {
    const [one, other] = [await api().userOf(await codeOf('as', 'snapshot')), await api().userOf(await codeOf('as', 'snapshot'))];
    expect(one.snapshot).toBe(true);
    expect(other).toEqual(one);
  });

  test('is kept from whoever has not the account’s secret, and stays good', async () => {
    const code = await codeOf('user', '晚风');
    expect(await refusalOf(api({ appSecret: 'secret-of-another' }).userOf(code))).toEqual([40125, 'other']);
    expect(await refusalOf(api({ appId: 'wx00' }).userOf(code))).toEqual([40013, 'other']);
    expect((await api().userOf(code)).openid).toBe(weChat.openidOf('晚风'));
  });

  test('is tried again when WeChat is busy once, and refused as busy when it still is', async () => {
    const busyFor = (times: number) => fetch(`${weChat.url}/stand-in/busy`, { method: 'POST', body: JSON.stringify({ times }) });
    const code = await codeOf('user', '小鹿');
    await busyFor(2);
    expect(await refusalOf(api().userOf(code))).toEqual([-1, 'busy']);
    await busyFor(1);
    expect((await api().userOf(code)).openid).toBe(weChat.openidOf('小鹿'));
    expect(await refusalOf(api().userOf(await codeOf('as', 'busy')))).toEqual([-1, 'busy']);
  });
});

describe('the account’s token', () => {
  test('is the same until it is nearly over, with what is left of its life', async () => {
    const first = await api().accessToken();
    expect(first.expiresIn).toBe(7200);
    at += 6000_000;
    expect(await api().accessToken()).toEqual({ value: first.value, expiresIn: 1200 });
    at += 1000_000;
    const next = await api().accessToken();
    expect(next.expiresIn).toBe(7200);
    expect(next.value).not.toBe(first.value);
    await api().jsTicket(first.value);
    at += 200_000;
    expect(await refusalOf(api().jsTicket(first.value))).toEqual([42001, 'token_invalid']);
  });

  test('gives a ticket', async () => {
    const ticket = await api().jsTicket(await tokenOf());
    expect(ticket.expiresIn).toBe(7200);
    expect(ticket.value).not.toBe('');
  });

  test('is given to nobody without the secret, and none that is made up works', async () => {
    expect(await refusalOf(api({ appSecret: 'secret-of-another' }).accessToken())).toEqual([40125, 'other']);
    for (const token of ['', 'made-up-token', `${start / 1000 + 60}_made-up-token`]) {
      expect(await refusalOf(api().jsTicket(token))).toEqual([40001, 'token_invalid']);
    }
  });
});

describe('a template message', () => {
  const message = (name = '小鹿') => ({
    openid: weChat.openidOf(name),
    templateId: 'VACCINE_DUE',
    clientMessageId: 'dog-17-2026',
    url: 'https://gz.example/#/dogs/17',
    data: { thing1: '旺财的疫苗', time2: '2026-12-01' },
  });

  test('arrives once though it is sent twice, and its number keeps every digit', async () => {
    const token = await tokenOf();
    const msgid = await api().sendTemplate(token, message());
    expect(msgid).toMatch(/^\d{19}$/);
    expect(await api().sendTemplate(token, message())).toBe(msgid);
    const { clientMessageId, ...content } = message();
    expect(delivered).toEqual([{ ...content, msgid, name: '小鹿' }]);
    await api().sendTemplate(token, message('阿土'));
    at += 10 * 60_000;
    expect(await api().sendTemplate(token, message())).not.toBe(msgid);
    expect(delivered.map(({ name }) => name)).toEqual(['小鹿', '阿土', '小鹿']);
  });

  test('is refused without a token, a template or a follower', async () => {
    const token = await tokenOf();
    expect(await refusalOf(api().sendTemplate('made-up-token', message()))).toEqual([40001, 'token_invalid']);
    expect(await refusalOf(api().sendTemplate(token, { ...message(), templateId: '' }))).toEqual([40037, 'other']);
    expect(await refusalOf(api().sendTemplate(token, { ...message(), openid: 'nobody' }))).toEqual([40003, 'other']);
    expect(await refusalOf(api().sendTemplate(token, message('路过的云')))).toEqual([43004, 'not_following']);
    weChat.setFollowing(weChat.openidOf('路过的云'), true);
    await api().sendTemplate(token, message('路过的云'));
    weChat.setFollowing(weChat.openidOf('路过的云'), false);
    expect(delivered).toHaveLength(1);
  });

  test('is not sent again by itself when WeChat is busy', async () => {
    const token = await tokenOf();
    weChat.setBusy(1);
    expect(await refusalOf(api().sendTemplate(token, message()))).toEqual([-1, 'busy']);
    expect(delivered).toEqual([]);
  });
});

describe('no WeChat at all', () => {
  let server: Server | undefined;
  const listening = async (other: Server) => {
    server = other;
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    return (other.address() as AddressInfo).port;
  };
  const answering = async (listener: RequestListener) => `http://127.0.0.1:${await listening(createServer(listener))}`;
  afterEach(() => void server?.close());
  const away = ['unreachable', 'busy'];

  test('is told from a refusal', async () => {
    const gone = await standIn();
    await gone.stop();
    expect(await refusalOf(api({ apiBase: gone.url }).userOf('made-up-code'))).toEqual(away);
  });

  test.each([
    ['is not JSON', '<html>502</html>'],
    ['is not what was asked for', '{"openid":""}'],
    ['is nothing', ''],
    ['is too large', `{"openid":"o","padding":"${'x'.repeat(70_000)}"}`],
  ])('is a reply that %s', async (_, text) => {
    const apiBase = await answering((_request, response) => void response.end(text));
    expect(await refusalOf(api({ apiBase }).userOf('made-up-code'))).toEqual(away);
  });

  test.each([
    ['never begins', () => undefined],
    ['never ends', (_: unknown, response: { write(text: string): void }) => response.write('{"openid":')],
  ])('is a reply that %s', async (_, listener) => {
    const apiBase = await answering(listener as RequestListener);
    const begun = performance.now();
    expect(await refusalOf(api({ apiBase, timeoutMs: 100 }).userOf('made-up-code'))).toEqual(away);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('is a reply that breaks off', async () => {
    const apiBase = await answering((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"openid":');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await refusalOf(api({ apiBase }).userOf('made-up-code'))).toEqual(away);
  });

  test('is whoever cannot speak TLS behind an https address: the secret is not sent there', async () => {
    const heard: Buffer[] = [];
    const port = await listening(
      createSocketServer((socket) => {
        socket.on('data', (chunk) => {
          heard.push(chunk);
          socket.destroy();
        });
      }),
    );
    expect(await refusalOf(api({ apiBase: `https://127.0.0.1:${port}` }).userOf('made-up-code'))).toEqual(away);
    expect(heard[0]?.[0], 'a TLS handshake').toBe(0x16);
    expect(Buffer.concat(heard).includes(appSecret)).toBe(false);
  });
});

test('a gateway with a path of its own may stand before WeChat, whose limits are told from being busy', async () => {
  let asked = '';
  const gateway = createServer((request, response) => {
    asked = request.url ?? '';
    response.end('{"errcode":45009,"errmsg":"reach max api daily quota limit"}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const apiBase = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/out/`;
  expect(await refusalOf(api({ apiBase }).jsTicket('made-up-token'))).toEqual([45009, 'limit_reached']);
  expect(asked).toBe('/out/cgi-bin/ticket/getticket?access_token=made-up-token&type=jsapi');
  gateway.close();
});
