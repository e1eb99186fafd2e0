import type { Holder } from '../platform/holder.js';
import type { RollupsStore } from './store.js';

/** Revisions name who made them. */
export const rollupsHolder = (rollups: Pick<RollupsStore, 'revisionsBy'>): Holder => ({
  async show(personId) {
    const revisions = await rollups.revisionsBy(personId);
    return revisions.map(({ week, revision, closedAt, reason }) => ({ week, revision, closedAt, reason }));
  },
  erase: async () => {},
});
