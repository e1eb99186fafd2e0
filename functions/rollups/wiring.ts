import { rollupsContract } from '../../shared/rollups/contract.js';
import { dispatch } from '../http/dispatch.js';
import { placesStore } from '../places/store.js';
import type { Ports } from '../platform/ports.js';
import { sortingStore } from '../sorting/store.js';
import { rollupsHandlers } from './handlers.js';
import { rollupsStore } from './store.js';

export const rollupsService = ({ db, tableNames, ...ports }: Ports) => {
  const { week, recount } = sortingStore(db, tableNames.sorting);
  return dispatch(
    rollupsContract,
    rollupsHandlers,
    {
      rollups: rollupsStore(db, tableNames.rollups),
      sites: placesStore(db, tableNames.places),
      // This function may only read: it counts from the record, and leaves the mending of sums to the job.
      checkIns: { week, recount },
      now: ports.now,
      newId: ports.newId,
    },
    ports,
  );
};
