import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { connect } from '../../functions/database/client.js';
import type { NewMessage } from '../../functions/messages/outbox.js';
import { type Recipient, sendDue } from '../../functions/messages/send.js';
import { type MessagesStore, messagesStore } from '../../functions/messages/store.js';
import { type Delivery, DeliveryFailed, type Messages } from '../../functions/platform/messages.js';
import { type Engine, localClient, startEngine } from '../../infra/local/engine.js';
import { tableInput } from '../../infra/local/tables.js';
import type { KeptContent } from '../../shared/messages/templates.js';

export interface Arrived {
  readonly channel: 'sms' | 'wechat';
  readonly to: string;
  readonly delivery: Delivery;
}

/** A messages table, two channels that can be told to fail, and people who can be reached. One a test file. */
export function useMessages(table: string) {
  let engine: Engine;
  const desk = {
    clock: new Date('2026-11-24T04:00:00Z'),
    arrived: [] as Arrived[],
    /** What a channel answers, until told otherwise. */
    failing: {} as { sms?: DeliveryFailed | undefined; wechat?: DeliveryFailed | undefined },
    people: new Map<string, Recipient>(),
  } as {
    clock: Date;
    arrived: Arrived[];
    failing: { sms?: DeliveryFailed | undefined; wechat?: DeliveryFailed | undefined };
    people: Map<string, Recipient>;
    db: DynamoDBDocumentClient;
    store: MessagesStore;
  };
  beforeAll(async () => {
    engine = await startEngine();
    desk.db = connect(localClient(engine.endpoint));
    await desk.db.send(new CreateTableCommand(tableInput(table, { global: { due: { hash: 'due', range: 'dueAt' } } })));
    desk.store = messagesStore(desk.db, table);
  });
  afterAll(async () => {
    desk.db?.destroy();
    await engine?.stop();
  });

  const channel = (name: 'sms' | 'wechat') => ({
    deliver: async (to: string, delivery: Delivery) => {
      const failed = desk.failing[name];
      if (failed) throw failed;
      desk.arrived.push({ channel: name, to, delivery });
      return { providerId: `${name}-${desk.arrived.length}` };
    },
  });
  const messages: Messages = { sms: channel('sms'), wechat: channel('wechat') };
  const deps = () => ({
    outbox: desk.store,
    messages,
    recipients: async (personId: string) => desk.people.get(personId),
    now: () => desk.clock,
  });
  return Object.assign(desk, {
    deps,
    send: () => sendDue(deps()),
    /** Keeps a message of a change that is nothing else. */
    post: (message: NewMessage) => desk.db.send(new TransactWriteCommand({ TransactItems: [desk.store.outboxWrite(message)] })),
    later: (minutes: number) => {
      desk.clock = new Date(desk.clock.getTime() + minutes * 60_000);
    },
    person(recipient: Recipient = { phone: '+8613800138000', openid: 'o-1' }): string {
      const personId = randomUUID();
      desk.people.set(personId, recipient);
      return personId;
    },
    message: (personId: string, content: KeptContent = { template: 'site_assigned', params: { siteName: '翠湖花园' } }): NewMessage => ({
      ...content,
      personId,
      messageId: randomUUID(),
      createdAt: desk.clock.toISOString(),
    }),
    of: async (personId: string) => (await desk.store.messagesOf(personId, desk.clock, 50, undefined)).messages,
    of1: async (personId: string) => {
      const [message] = (await desk.store.messagesOf(personId, desk.clock, 1, undefined)).messages;
      if (!message) throw new Error('no message');
      return message;
    },
    passing: new DeliveryFailed('busy', true),
    lasting: new DeliveryFailed('not_following', false),
  });
}
