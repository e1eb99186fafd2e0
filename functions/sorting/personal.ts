import type { Holder } from '../platform/holder.js';
import type { SortingStore } from './store.js';

/**
 * Who logged a batch, and who undid it. `sitesOf` answers every site at which the person may ever have logged: batches
 * lie under their site, and finding them by who logged them would cost every check-in a write.
 */
export const sortingHolder = (
  sorting: Pick<SortingStore, 'batchesBy'>,
  sitesOf: (personId: string) => Promise<readonly string[]>,
): Holder => ({
  async show(personId) {
    const found = [];
    for (const siteId of await sitesOf(personId)) {
      for (const { batchId, day, source, loggedBy, loggedAt, undoneBy, undoneAt, undoReason, admitted } of await sorting.batchesBy(
        siteId,
        personId,
      )) {
        const logged = loggedBy === personId ? { loggedAt, source, households: admitted.size } : {};
        const undone = undoneBy === personId ? { undoneAt, undoReason } : {};
        found.push({ siteId, batchId, day, ...logged, ...undone });
      }
    }
    return found;
  },
  erase: async () => {},
});
