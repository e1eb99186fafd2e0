import { rollupsContract } from '../../shared/rollups/contract.js';
import { auditStore } from '../audit/store.js';
import { dispatch } from '../http/dispatch.js';
import { placesStore } from '../places/store.js';
import type { AnsweringPorts } from '../platform/ports.js';
import { sortingStore } from '../sorting/store.js';
import { rollupsHandlers } from './handlers.js';
import { rollupsStore } from './store.js';

export function rollupsService(ports: AnsweringPorts) {
  const { db, tableNames, now, newId } = ports;
  const { week, recount } = sortingStore(db, tableNames.sorting);
  const deps = {
    rollups: rollupsStore(db, tableNames.rollups),
    sites: placesStore(db, tableNames.places),
    // This function may only read: it counts from the record, and leaves the mending of sums to the job.
    checkIns: { week, recount },
    recording: auditStore(db, tableNames.audit, now).recording,
    now,
    newId,
  };
  return dispatch(rollupsContract, rollupsHandlers, deps, ports);
}
