import type { Holder } from '../platform/holder.js';
import type { SessionsStore } from './store.js';

/** Where a person is signed in. It ends with the account, in one transaction: see privacy/erasure.ts. */
export const sessionsHolder = (sessions: Pick<SessionsStore, 'sessionsOf'>, now: () => Date): Holder => ({
  async show(personId) {
    const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
    const found = await sessions.sessionsOf(personId, now());
    return found.map(({ sessionId, way, device, startedAt, rotatedAt, expiresAt }) => ({
      sessionId,
      way,
      device,
      startedAt: iso(startedAt),
      lastUsedAt: iso(rotatedAt),
      expiresAt: iso(expiresAt),
    }));
  },
  erase: async () => {},
});
