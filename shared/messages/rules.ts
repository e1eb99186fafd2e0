import { addDays, cityDay, startOfDay } from '../time/day.js';

export const channels = ['sms', 'wechat'] as const;
export type ChannelName = (typeof channels)[number];
/** What a person may choose. */
export const channelChoices = [...channels, 'both'] as const;
export type ChannelChoice = (typeof channelChoices)[number];

/** From the first hour to the second, on the city's clock, only what is urgent is sent. */
export const quietHours = { from: 22, until: 8 } as const;
const hourMs = 3_600_000;

/** The first instant from `dueAt` on at which a message may go out. */
export function sendableAt(dueAt: Date, urgent: boolean): Date {
  const day = cityDay(dueAt);
  const hour = (dueAt.getTime() - startOfDay(day).getTime()) / hourMs;
  if (urgent || (hour >= quietHours.until && hour < quietHours.from)) return dueAt;
  const morning = hour < quietHours.until ? day : addDays(day, 1);
  return new Date(startOfDay(morning).getTime() + quietHours.until * hourMs);
}

/** Minutes to wait after the first try, the second, and so on; after one more, a message is given up. */
export const retryMinutes = [1, 5, 15, 60, 240] as const;
export const mostTries = retryMinutes.length + 1;

/** When to try again after so many tries; nothing where it is given up. */
export function nextTryAt(tries: number, now: Date): Date | undefined {
  const minutes = retryMinutes[tries - 1];
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * 60_000);
}

/*
 *             claimed
 *   waiting ───────────▶ sending ──┬──▶ sent        at least one channel took it
 *    │   ▲                │  ▲ │   ├──▶ failed      every channel refused it for good
 *    │   │    try again   │  └─┘   ├──▶ given_up    tried six times
 *    │   └────────────────┘  lease └──▶ cancelled   nobody there to receive it
 *    │                       over
 *    └────────────────────────────────▶ cancelled   the account is being erased
 *
 * A sender that is killed leaves `sending` behind: once its lease is over the message is claimed again.
 */
export const messageStates = ['waiting', 'sending', 'sent', 'failed', 'given_up', 'cancelled'] as const;
export type MessageState = (typeof messageStates)[number];

/** What a channel made of a message. `retry` is not the last word. */
export const channelOutcomes = ['sent', 'failed', 'retry'] as const;
export type ChannelOutcome = (typeof channelOutcomes)[number];
export type Outcomes = Readonly<Partial<Record<ChannelName, ChannelOutcome>>>;

/**
 * The channels to try now: those chosen, as far as the person can be reached there and they have no outcome yet. Where
 * nothing chosen can work, whatever else reaches the person: a message is better received elsewhere than not at all.
 */
export function channelsToTry(choice: ChannelChoice, reachable: readonly ChannelName[], outcomes: Outcomes): ChannelName[] {
  const chosen = reachable.filter((channel) => choice === 'both' || choice === channel);
  const open = (all: readonly ChannelName[]) => all.filter((channel) => outcomes[channel] === undefined);
  return chosen.every((channel) => outcomes[channel] === 'failed') ? open(reachable) : open(chosen);
}

/** The state a message is in after a try. */
export function stateAfter(outcomes: Outcomes, tries: number): MessageState {
  const all = Object.values(outcomes);
  if (all.includes('retry') && tries < mostTries) return 'waiting';
  if (all.includes('sent')) return 'sent';
  return all.includes('retry') ? 'given_up' : 'failed';
}
