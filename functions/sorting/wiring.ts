import { sortingContract } from '../../shared/sorting/contract.js';
import { auditStore } from '../audit/store.js';
import { dispatch } from '../http/dispatch.js';
import { placesStore } from '../places/store.js';
import type { AnsweringPorts } from '../platform/ports.js';
import { rollupsStore } from '../rollups/store.js';
import { sortingHandlers } from './handlers.js';
import { sortingStore } from './store.js';

export function sortingService(ports: AnsweringPorts) {
  const { db, tableNames, now } = ports;
  const deps = {
    sorting: sortingStore(db, tableNames.sorting),
    sites: placesStore(db, tableNames.places),
    weeks: rollupsStore(db, tableNames.rollups),
    recording: auditStore(db, tableNames.audit, now).recording,
    now,
  };
  return dispatch(sortingContract, sortingHandlers, deps, ports);
}
