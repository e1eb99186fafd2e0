import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { putAll } from '../database/batches.js';
import type { Commit } from '../database/writes.js';
import { type Batch, batchItem, batchStore, type Undone } from './batches.js';
import { dayItems, dayStore } from './days.js';

/** The sorting table: batches of check-ins, the record, and beside them each site's days, the sum. */
export function sortingStore(db: DynamoDBDocumentClient, table: string) {
  const batches = batchStore(db, table);
  const days = dayStore(db, table, batches);
  return {
    ...batches,
    ...days,

    /**
     * Marks a batch undone and takes from its day what no other batch holds. A call that broke off in between is
     * finished by the next one, or by the nightly job.
     */
    async undo(siteId: string, { batchId, day }: Batch, undone: Undone, commit?: Commit): Promise<void> {
      await batches.markUndone(siteId, batchId, undone, commit);
      await days.rebuildDay(siteId, day);
    },

    /** Loads a history of one site, batches and the days they make, in bulk; for a fresh table. */
    async load(siteId: string, history: readonly Batch[]): Promise<void> {
      await putAll(db, table, [...history.map((batch) => batchItem(siteId, batch)), ...dayItems(siteId, history)]);
    },
  };
}
export type SortingStore = ReturnType<typeof sortingStore>;
