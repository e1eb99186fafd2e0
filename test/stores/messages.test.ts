import { randomUUID } from 'node:crypto';
import { GetCommand, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { messagesHandlers } from '../../functions/messages/handlers.js';
import { leaseSeconds } from '../../functions/messages/outbox.js';
import { sendDue } from '../../functions/messages/send.js';
import { messagesContract } from '../../shared/messages/contract.js';
import { useMessages } from '../support/messages.js';

const table = 'messages';
const desk = useMessages(table);
beforeEach(async () => {
  desk.clock = new Date('2026-11-24T04:00:00Z');
  desk.failing = {};
  for (const personId of desk.people.keys()) await desk.store.eraseAll(personId);
  desk.arrived.length = 0;
});

describe('a message that tells of a change', () => {
  const change = (personId: string, condition: string) => ({
    Put: { TableName: table, Item: { pk: `CHANGE ${personId}`, sk: 'it' }, ConditionExpression: condition },
  });
  const commit = (personId: string, condition: string) =>
    desk.db.send(
      new TransactWriteCommand({ TransactItems: [change(personId, condition), desk.store.outboxWrite(desk.message(personId))] }),
    );

  test('is kept with the change, or not at all', async () => {
    const personId = desk.person();
    await expect(commit(personId, 'attribute_exists(pk)')).rejects.toThrow();
    expect(await desk.of(personId)).toEqual([]);
    await commit(personId, 'attribute_not_exists(pk)');
    const { Item } = await desk.db.send(new GetCommand({ TableName: table, Key: { pk: `CHANGE ${personId}`, sk: 'it' } }));
    expect(Item).toBeDefined();
    expect(await desk.of(personId)).toMatchObject([{ status: 'waiting', tries: 0, template: 'site_assigned' }]);
  });

  test('stops the change where its id is taken', async () => {
    const personId = desk.person();
    const message = desk.message(personId);
    await desk.post(message);
    await expect(desk.post(message)).rejects.toThrow();
    expect(await desk.of(personId)).toHaveLength(1);
  });
});

describe('sending', () => {
  test('takes a message to the phone the person has now, and records it', async () => {
    const personId = desk.person();
    const message = desk.message(personId);
    await desk.post(message);
    desk.people.set(personId, { phone: '+8613900139000' });
    expect(await desk.send()).toEqual({ sent: 1 });
    expect(desk.arrived).toEqual([
      {
        channel: 'sms',
        to: '+8613900139000',
        delivery: {
          template: 'site_assigned',
          params: { siteName: '翠湖花园' },
          messageId: message.messageId,
          language: 'zh-CN',
          text: '【共治】您已负责“翠湖花园”的垃圾分类登记，登录后即可查看。',
        },
      },
    ]);
    expect(await desk.of1(personId)).toMatchObject({
      status: 'sent',
      tries: 1,
      channels: { sms: { outcome: 'sent', providerId: 'sms-1' } },
    });
    expect(await desk.send()).toEqual({});
  });

  test('keeps no phone, no openid and no text', async () => {
    const personId = desk.person();
    await desk.post(desk.message(personId, { template: 'account_erased', params: {} }));
    await desk.send();
    const { Items } = await desk.db.send(new ScanCommand({ TableName: table }));
    expect(JSON.stringify(Items)).not.toMatch(/13800138000|o-1|已删除/);
  });

  test('by ten senders at once happens once for each of thirty messages', async () => {
    const personId = desk.person();
    await Promise.all(Array.from({ length: 30 }, () => desk.post(desk.message(personId))));
    const tallies = await Promise.all(Array.from({ length: 10 }, () => desk.send()));
    expect(new Set(desk.arrived.map(({ delivery }) => delivery.messageId)).size).toBe(30);
    expect(desk.arrived).toHaveLength(30);
    expect(tallies.reduce((sum, { sent = 0 }) => sum + sent, 0)).toBe(30);
  });

  test('that was killed after its claim is done again once the lease is over', async () => {
    const personId = desk.person();
    await desk.post(desk.message(personId));
    const [due] = await desk.store.due(desk.clock, 10);
    if (!due) throw new Error('nothing due');
    const claimed = await desk.store.claim(due, desk.clock);
    expect(claimed).toMatchObject({ status: 'sending', tries: 1 });
    expect(await desk.store.claim(due, desk.clock)).toBeUndefined();
    expect(await desk.send()).toEqual({});
    desk.later(leaseSeconds / 60);
    expect(await desk.send()).toEqual({ sent: 1 });
    expect(desk.arrived).toHaveLength(1);
    // The killed one was only slow: its word comes too late to be recorded.
    if (claimed) expect(await desk.store.settle(claimed, { status: 'failed', channels: {}, at: desk.clock })).toBe(false);
    expect(await desk.of1(personId)).toMatchObject({ status: 'sent', tries: 2 });
  });

  test('whose senders are killed each time is not gone on with for ever', async () => {
    const personId = desk.person();
    await desk.post(desk.message(personId));
    for (let i = 0; i < 6; i++) {
      const [due] = await desk.store.due(desk.clock, 1);
      if (due) await desk.store.claim(due, desk.clock);
      desk.later(2);
    }
    expect(await desk.send()).toEqual({ given_up: 1 });
    expect(desk.arrived).toEqual([]);
    expect(await desk.store.due(desk.clock, 10)).toEqual([]);
  });

  test('that fails is tried again, each time later, and given up after six tries', async () => {
    const personId = desk.person();
    await desk.post(desk.message(personId));
    desk.failing.sms = desk.passing;
    for (const minutes of [1, 5, 15, 60, 240]) {
      expect(await desk.send()).toEqual({ waiting: 1 });
      desk.later(minutes - 0.5);
      expect(await desk.send()).toEqual({});
      desk.later(0.5);
    }
    expect(await desk.send()).toEqual({ given_up: 1 });
    expect(await desk.of1(personId)).toMatchObject({ status: 'given_up', tries: 6, channels: { sms: { outcome: 'retry', code: 'busy' } } });
    desk.later(10_000);
    expect(await desk.send()).toEqual({});
  });

  test('that fails once goes out the next time', async () => {
    const personId = desk.person();
    await desk.post(desk.message(personId));
    desk.failing.sms = desk.passing;
    await desk.send();
    desk.failing.sms = undefined;
    desk.later(1);
    expect(await desk.send()).toEqual({ sent: 1 });
  });

  test('that a channel refuses for good is not tried again', async () => {
    const personId = desk.person({ phone: '+8613800138000' });
    await desk.post(desk.message(personId));
    desk.failing.sms = desk.lasting;
    expect(await desk.send()).toEqual({ failed: 1 });
    expect(await desk.of1(personId)).toMatchObject({ status: 'failed', channels: { sms: { outcome: 'failed', code: 'not_following' } } });
  });

  test('to a person who is gone is cancelled', async () => {
    const personId = desk.person();
    await desk.post(desk.message(personId));
    desk.people.set(personId, undefined as never);
    expect(await desk.send()).toEqual({ cancelled: 1 });
    expect(await desk.of1(personId)).toMatchObject({ status: 'cancelled' });
  });

  test('a fault of one message keeps none of the others back, and nothing of it is told', async () => {
    const broken = desk.person();
    const other = desk.person();
    await desk.post(desk.message(broken));
    await desk.post(desk.message(other));
    const recipients = async (personId: string) => {
      if (personId === broken) throw new Error('the accounts are away');
      return { phone: '+8613800138000' };
    };
    expect(await sendDue({ ...desk.deps(), recipients })).toEqual({ broken: 1, sent: 1 });
    const deliver = async () => {
      throw new TypeError('+8613800138000 is no number');
    };
    desk.later(1);
    expect(await sendDue({ ...desk.deps(), messages: { sms: { deliver } } })).toEqual({ waiting: 1 });
    expect(await desk.of1(broken)).toMatchObject({ tries: 2, channels: { sms: { code: 'fault:TypeError' } } });
  });

  test('goes no further than it was told, the longest waiting first, and says how far it is', async () => {
    const personId = desk.person();
    for (let i = 0; i < 8; i++) {
      await desk.post(desk.message(personId));
      desk.later(0.1);
    }
    const steps: [number, number][] = [];
    const progress = (done: number, due: number) => void steps.push([done, due]);
    expect(await sendDue(desk.deps(), { mostMessages: 7, progress })).toEqual({ sent: 7 });
    expect(steps).toEqual([
      [5, 7],
      [7, 7],
    ]);
    expect(await desk.of1(personId)).toMatchObject({ status: 'waiting' });
  });
});

describe('both channels', () => {
  const both = async () => {
    const personId = desk.person();
    await desk.store.keepChoice(personId, { channels: 'both', language: 'en' });
    await desk.post(desk.message(personId));
    return personId;
  };

  test('get a message each, in the language chosen', async () => {
    await both();
    expect(await desk.send()).toEqual({ sent: 1 });
    expect(desk.arrived.map(({ channel, to }) => [channel, to]).sort()).toEqual([
      ['sms', '+8613800138000'],
      ['wechat', 'o-1'],
    ]);
    expect(desk.arrived[0]?.delivery.text).toContain('You now log');
  });

  test('are not both tried again where one was served', async () => {
    const personId = await both();
    desk.failing.wechat = desk.passing;
    expect(await desk.send()).toEqual({ waiting: 1 });
    expect(await desk.of1(personId)).toMatchObject({ channels: { sms: { outcome: 'sent' }, wechat: { outcome: 'retry', code: 'busy' } } });
    desk.failing.wechat = undefined;
    desk.later(1);
    expect(await desk.send()).toEqual({ sent: 1 });
    expect(desk.arrived.map(({ channel }) => channel)).toEqual(['sms', 'wechat']);
  });

  test('where WeChat alone is chosen and the person no longer follows, SMS takes its place', async () => {
    const personId = desk.person();
    await desk.store.keepChoice(personId, { channels: 'wechat', language: 'zh-CN' });
    await desk.post(desk.message(personId));
    desk.failing.wechat = desk.lasting;
    expect(await desk.send()).toEqual({ sent: 1 });
    expect(desk.arrived.map(({ channel }) => channel)).toEqual(['sms']);
    expect((await desk.of1(personId)).channels).toMatchObject({ wechat: { outcome: 'failed' }, sms: { outcome: 'sent' } });
  });
});

describe('at night', () => {
  test('a message waits for the morning unless it is urgent', async () => {
    desk.clock = new Date('2026-11-24T23:30:00+08:00');
    const personId = desk.person();
    await desk.post(desk.message(personId));
    await desk.post(desk.message(personId, { template: 'session_reuse_ended', params: {} }));
    expect(await desk.send()).toEqual({ sent: 1 });
    expect(desk.arrived[0]?.delivery.template).toBe('session_reuse_ended');
    desk.clock = new Date('2026-11-25T07:59:59+08:00');
    expect(await desk.send()).toEqual({});
    desk.clock = new Date('2026-11-25T08:00:00+08:00');
    expect(await desk.send()).toEqual({ sent: 1 });
  });

  test('a message left over from the day is moved to the morning without counting a try', async () => {
    desk.clock = new Date('2026-11-24T21:59:00+08:00');
    const personId = desk.person();
    await desk.post(desk.message(personId));
    desk.clock = new Date('2026-11-24T22:05:00+08:00');
    expect(await desk.send()).toEqual({ postponed: 1 });
    expect(await desk.send()).toEqual({});
    expect(await desk.of1(personId)).toMatchObject({ status: 'waiting', tries: 0 });
    desk.clock = new Date('2026-11-25T08:00:00+08:00');
    expect(await desk.send()).toEqual({ sent: 1 });
  });

  test('what failed in the evening is tried again in the morning', async () => {
    desk.clock = new Date('2026-11-24T21:59:30+08:00');
    const personId = desk.person();
    await desk.post(desk.message(personId));
    desk.failing.sms = desk.passing;
    expect(await desk.send()).toEqual({ waiting: 1 });
    expect((await desk.of1(personId)).dueAt).toMatch(/^2026-11-25T00:00:00.000Z#/);
  });
});

describe('erasure', () => {
  test('forgets all, while a sender has one in hand', async () => {
    const personId = desk.person();
    await desk.store.keepChoice(personId, { channels: 'wechat', language: 'en' });
    for (let i = 0; i < 3; i++) await desk.post(desk.message(personId));
    const [due] = await desk.store.due(desk.clock, 1);
    const claimed = due && (await desk.store.claim(due, desk.clock));
    await desk.store.eraseAll(personId);
    if (claimed) expect(await desk.store.settle(claimed, { status: 'sent', channels: {}, at: desk.clock })).toBe(false);
    desk.later(60);
    expect(await desk.send()).toEqual({});
    const { Items = [] } = await desk.db.send(new ScanCommand({ TableName: table }));
    expect(Items.filter(({ pk }) => pk === `PERSON#${personId}`)).toEqual([]);
    expect(await desk.store.choiceOf(personId)).toEqual({ channels: 'sms', language: 'zh-CN' });
  });
});

describe('a person', () => {
  /** The route as the dispatcher would call it, which has parsed the query and the body. */
  const ask = async (route: keyof typeof messagesContract, personId: string, parts: object = {}, linked = false): Promise<unknown> => {
    const deps = { messages: desk.store, now: () => desk.clock, hasWeChat: async () => linked };
    return messagesHandlers[route]({ caller: { personId, role: 'resident' }, ...parts } as never, deps);
  };

  test('reads what they were sent, newest first and page by page, for 180 days', async () => {
    const personId = desk.person();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const message = desk.message(personId);
      ids.unshift(message.messageId);
      await desk.post(message);
      desk.later(1);
    }
    await desk.send();
    const list = async (limit: number, cursor?: string) => {
      const route = 'GET /v1/me/messages';
      return messagesContract[route].ok.parse(await ask(route, personId, { query: { limit, cursor } }));
    };
    const first = await list(3);
    expect(first.messages[0]).toMatchObject({
      template: 'site_assigned',
      status: 'sent',
      channels: ['sms'],
      sentAt: desk.clock.toISOString(),
    });
    const second = await list(3, first.nextCursor ?? '');
    expect([...first.messages, ...second.messages].map(({ messageId }) => messageId)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    await expect(list(3, Buffer.from('elsewhere').toString('base64url'))).rejects.toMatchObject({ code: 'invalid_cursor' });
    expect(await desk.of(desk.person())).toEqual([]);
    desk.later(181 * 24 * 60);
    expect(await desk.of(personId)).toEqual([]);
  });

  test('chooses WeChat only once it is linked', async () => {
    const personId = desk.person();
    const put = (channels: 'sms' | 'both', linked: boolean) =>
      ask('PUT /v1/me/message-channels', personId, { body: { channels, language: 'en' } }, linked);
    const get = () => ask('GET /v1/me/message-channels', personId);
    expect(await get()).toEqual({ channels: 'sms', language: 'zh-CN' });
    await expect(put('both', false)).rejects.toMatchObject({ code: 'wechat_not_linked' });
    expect(await put('sms', false)).toEqual({ channels: 'sms', language: 'en' });
    expect(await put('both', true)).toEqual({ channels: 'both', language: 'en' });
    expect(messagesContract['GET /v1/me/message-channels'].ok.parse(await get())).toEqual({ channels: 'both', language: 'en' });
  });

  test('whose messages carry an expiry keeps them half a year', async () => {
    const personId = desk.person();
    await desk.post({ ...desk.message(personId), messageId: randomUUID() });
    const { Items = [] } = await desk.db.send(new ScanCommand({ TableName: table }));
    const item = Items.find(({ pk }) => pk === `PERSON#${personId}`);
    expect(item?.ttl).toBe(desk.clock.getTime() / 1000 + 180 * 86_400);
  });
});
