import {
  type ChannelName,
  channelsToTry,
  type MessageState,
  mostTries,
  nextTryAt,
  type Outcomes,
  sendableAt,
  stateAfter,
} from '../../shared/messages/rules.js';
import { log, logFault } from '../http/log.js';
import type { Keys } from '../platform/keys.js';
import { type Channel, type Delivery, DeliveryFailed, deliveryOf, type Messages } from '../platform/messages.js';
import type { ChannelRecord, Due, Message } from './message.js';
import type { MessagesStore } from './store.js';
import { recipientOf } from './telling.js';

/** Where a person can be reached, looked up when a message goes out: the outbox keeps neither, but for the sealed phone of a last word. */
export interface Recipient {
  readonly phone?: string | undefined;
  readonly openid?: string | undefined;
  /** The bureau's group, by its robot. */
  readonly group?: boolean | undefined;
}
export interface SendDeps {
  readonly outbox: MessagesStore;
  readonly messages: Messages;
  /** Nothing where there is no such person (any more). */
  readonly recipients: (personId: string) => Promise<Recipient | undefined>;
  /** Opens the phone that a message brings along. */
  readonly keys?: Pick<Keys, 'open'>;
  readonly now: () => Date;
}
export interface SendOptions {
  readonly mostMessages?: number;
  readonly progress?: (done: number, due: number) => void | Promise<void>;
}

/** How a run ended for its messages. `taken`: another sender had it; `postponed`: to the morning; `broken`: a fault, see the log. */
export type Sending = MessageState | 'taken' | 'postponed' | 'broken';
export type Tally = Partial<Record<Sending, number>>;

/** Few enough that each is sent well within its lease, enough that one slow recipient does not hold up a hundred. */
const atOnce = 5;

/** The job's work: sends what is due, once through. What fails is tried again by a later run. */
export async function sendDue(deps: SendDeps, { mostMessages = 200, progress }: SendOptions = {}): Promise<Tally> {
  const due = await deps.outbox.due(deps.now(), mostMessages);
  const tally: Tally = {};
  for (let i = 0; i < due.length; i += atOnce) {
    const ends = await Promise.all(due.slice(i, i + atOnce).map((message) => sendOne(message, deps)));
    for (const end of ends) tally[end] = (tally[end] ?? 0) + 1;
    await progress?.(Math.min(i + atOnce, due.length), due.length);
  }
  return tally;
}

async function sendOne(due: Due, deps: SendDeps): Promise<Sending> {
  try {
    const { outbox, now } = deps;
    const from = sendableAt(now(), due.urgent);
    if (from > now()) {
      await outbox.postpone(due, from);
      return 'postponed';
    }
    const claimed = await outbox.claim(due, now());
    return claimed ? await sendClaimed(claimed, deps) : 'taken';
  } catch (error) {
    // One message that cannot be sent is no reason to keep the others back. Its lease ends by itself.
    logFault('message_not_sent', error, { messageId: due.messageId });
    return 'broken';
  }
}

async function sendClaimed(message: Message, deps: SendDeps): Promise<Sending> {
  const { outbox, now, recipients, keys } = deps;
  const { personId, messageId, template, tries, urgent } = message;
  const end = async (status: MessageState, channels: Message['channels']): Promise<Sending> => {
    const next = status === 'waiting' ? nextTryAt(tries, now()) : undefined;
    const settled = await outbox.settle(message, { status, channels, at: now(), nextAt: next && sendableAt(next, urgent) });
    const codes = { sms: channels.sms?.code, wechat: channels.wechat?.code };
    log(status === 'failed' || status === 'given_up' ? 'warn' : 'info', `message_${status}`, { messageId, template, tries, ...codes });
    return settled ? status : 'taken';
  };
  // Its senders were killed, each of them: perhaps by this very message.
  if (tries > mostTries) return end('given_up', message.channels);
  const to = message.sealedTo && keys ? await keys.open(recipientOf(messageId), message.sealedTo) : await recipients(personId);
  if (!to) return end('cancelled', message.channels);
  const channels = await tryChannels(message, to, deps);
  return end(stateAfter(outcomesOf(channels), tries), channels);
}

/** Hands the message to every channel that has still to take it, and gives what each of them made of it so far. */
async function tryChannels(message: Message, to: Recipient, { outbox, messages, now }: SendDeps): Promise<Message['channels']> {
  const choice = await outbox.choiceOf(message.personId);
  const delivery = deliveryOf(message.messageId, message, choice.language);
  const ways = waysTo(to, messages);
  // What was to be tried again is open again; what went out, or was refused for good, is not.
  const done = Object.entries(message.channels).filter(([, record]) => record?.outcome !== 'retry');
  let records: Message['channels'] = Object.fromEntries(done);
  for (;;) {
    const names = channelsToTry(choice.channels, Object.keys(ways) as ChannelName[], outcomesOf(records));
    if (!names.length) return records;
    const tried = await Promise.all(names.map(async (name) => [name, await attempt(ways[name], delivery, now)] as const));
    records = { ...records, ...Object.fromEntries(tried) };
  }
}

type Way = readonly [to: string, channel: Channel];
function waysTo({ phone, openid, group }: Recipient, { sms, wechat, group: robot }: Messages): Partial<Record<ChannelName, Way>> {
  // A group is WeChat's too, WeCom being its office: whatever it is sent comes by its robot.
  if (group && robot) return { wechat: ['', { deliver: async (_, { text }) => robot.post(text).then(() => ({})) }] };
  return { ...(phone ? { sms: [phone, sms] } : {}), ...(openid && wechat ? { wechat: [openid, wechat] } : {}) };
}

async function attempt(way: Way | undefined, delivery: Delivery, now: () => Date): Promise<ChannelRecord> {
  try {
    if (!way) throw new DeliveryFailed('unreachable', false);
    const [to, channel] = way;
    const { providerId } = await channel.deliver(to, delivery);
    return { outcome: 'sent', at: now().toISOString(), ...(providerId ? { providerId } : {}) };
  } catch (error) {
    // Anything else is a fault of ours: it may hold the recipient, so no more than its name is told.
    const { code, retry } = error instanceof DeliveryFailed ? error : new DeliveryFailed(`fault:${(error as Error)?.name}`, true);
    return { outcome: retry ? 'retry' : 'failed', at: now().toISOString(), code };
  }
}

function outcomesOf(channels: Message['channels']): Outcomes {
  const known = Object.entries(channels).flatMap(([name, record]) => (record ? [[name, record.outcome]] : []));
  return Object.fromEntries(known) as Outcomes;
}
