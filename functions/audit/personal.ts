import type { Holder } from '../platform/holder.js';
import type { AuditStore } from './store.js';

/** What is on record stays on record, under a number that leads to nobody once the account is gone. */
export const auditHolder = (audit: AuditStore): Holder => ({
  async show(personId) {
    const [done, suffered] = await Promise.all([audit.everyOf('actor', personId), audit.everyOf('subject', personId)]);
    const about = new Map([...done, ...suffered].map((link) => [`${link.day} ${link.seq}`, link]));
    return [...about.values()]
      .sort((a, b) => a.at.localeCompare(b.at))
      .map(({ at, action, actorId, reason, facts }) => ({ at, action, byMe: actorId === personId, reason, ...facts }));
  },
  erase: async () => {},
});
