import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { weChatTemplate } from '../../functions/messages/wechat-template.js';
import { weComRobot } from '../../functions/messages/wecom-robot.js';
import { deliveryOf } from '../../functions/platform/messages.js';
import { type TemplateMessage, WeChatRefused } from '../../functions/platform/wechat.js';

describe('a template message of WeChat', () => {
  const assigned = deliveryOf('m-1', { template: 'site_assigned', params: { siteName: '翠湖花园' } }, 'zh-CN');
  const erased = deliveryOf('m-2', { template: 'account_erased', params: {} }, 'zh-CN');

  /** A channel whose account refuses in turn as told, and then sends. */
  function account(...refusals: (WeChatRefused | Error)[]) {
    const sent: (TemplateMessage & { token: string })[] = [];
    let tries = 0;
    const channel = weChatTemplate({
      weChat: {
        sendTemplate: async (token, message) => {
          tries++;
          const refused = refusals.shift();
          if (refused) throw refused;
          sent.push({ ...message, token });
          return 'msgid-1';
        },
      },
      accessToken: async ({ fresh } = { fresh: false }) => (fresh ? 'fresh token' : 'kept token'),
      templates: {
        site_assigned: { templateId: 't-1', fields: ['thing1', 'thing2'] },
        account_erased: { templateId: 't-2', fields: ['thing1'] },
      },
      url: 'https://example.cn/',
    });
    return { channel, sent, tries: () => tries };
  }
  const token = new WeChatRefused(40001, 'token_invalid');

  test('fills the fields in order, the text last, under the id of the message', async () => {
    const { channel, sent } = account();
    expect(await channel.deliver('o-1', assigned)).toEqual({ providerId: 'msgid-1' });
    await channel.deliver('o-1', erased);
    expect(sent).toEqual([
      {
        openid: 'o-1',
        templateId: 't-1',
        clientMessageId: 'm-1',
        url: 'https://example.cn/',
        data: { thing1: '翠湖花园', thing2: '您已负责“翠湖花园”的垃圾分类登记，登录后即可查看。' },
        token: 'kept token',
      },
      expect.objectContaining({ templateId: 't-2', data: { thing1: '您的账号和个人信息已删除。' } }),
    ]);
  });

  test('is sent once more with a fresh token where the kept one was refused', async () => {
    const { channel, sent } = account(token);
    await channel.deliver('o-1', assigned);
    expect(sent.map(({ token }) => token)).toEqual(['fresh token']);
    const twice = account(token, token);
    await expect(twice.channel.deliver('o-1', assigned)).rejects.toMatchObject({ code: 'token_invalid', retry: true });
    expect(twice.tries()).toBe(2);
  });

  test.each([
    [new WeChatRefused(43004, 'not_following'), 'not_following', false],
    [new WeChatRefused(-1, 'busy'), 'busy', true],
    [new WeChatRefused(45009, 'limit_reached'), 'limit_reached', true],
    [new WeChatRefused('unreachable', 'other'), 'wechat_unreachable', true],
    [new WeChatRefused(40037, 'other'), 'wechat_40037', false],
  ])('refused with %s ends as %s, to be tried again: %s', async (refused, code, retry) => {
    const { channel, tries } = account(refused);
    await expect(channel.deliver('o-1', assigned)).rejects.toMatchObject({ code, retry });
    expect(tries()).toBe(1);
  });

  test('is not sent without a template', async () => {
    const { channel, tries } = account();
    const other = deliveryOf('m-3', { template: 'bulk_reveals', params: { count: 3 } }, 'en');
    await expect(channel.deliver('o-1', other)).rejects.toMatchObject({ code: 'template_not_registered', retry: false });
    expect(tries()).toBe(0);
  });
});

describe('the robot of a WeCom group', () => {
  const posted: unknown[] = [];
  let server: Server;
  let errcode: unknown = 0;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      posted.push([request.method, request.url, request.headers['content-type'], JSON.parse(text)]);
      response.end(JSON.stringify({ errcode, errmsg: '-' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  const robot = () => weComRobot(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/webhook/send?key=hidden-key`);

  test('posts a text', async () => {
    await robot().post('三个投放点本周没有登记');
    const body = { msgtype: 'text', text: { content: '三个投放点本周没有登记' } };
    expect(posted).toEqual([['POST', '/cgi-bin/webhook/send?key=hidden-key', 'application/json; charset=utf-8', body]]);
  });

  test.each([
    [45009, 'wecom_45009', true],
    [-1, 'wecom_-1', true],
    [93000, 'wecom_93000', false],
    ['?', 'reply_not_understood', true],
  ])('refused with %s ends as %s, to be tried again: %s', async (answer, code, retry) => {
    errcode = answer;
    const failed = await robot()
      .post('text')
      .catch((error) => error);
    expect(failed).toMatchObject({ code, retry });
    expect(`${failed.message} ${failed.stack}`).not.toContain('hidden-key');
  });
});
