import { sortingContract } from '../../shared/sorting/contract.js';
import { dispatch } from '../http/dispatch.js';
import { placesStore } from '../places/store.js';
import type { Ports } from '../platform/ports.js';
import { rollupsStore } from '../rollups/store.js';
import { sortingHandlers } from './handlers.js';
import { sortingStore } from './store.js';

export const sortingService = ({ db, tableNames, ...ports }: Ports) =>
  dispatch(
    sortingContract,
    sortingHandlers,
    {
      sorting: sortingStore(db, tableNames.sorting),
      sites: placesStore(db, tableNames.places),
      weeks: rollupsStore(db, tableNames.rollups),
      now: ports.now,
    },
    ports,
  );
