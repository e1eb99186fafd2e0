import { placesContract } from '../../shared/places/contract.js';
import { roleReader } from '../accounts/roles.js';
import { auditStore } from '../audit/store.js';
import { dispatch } from '../http/dispatch.js';
import { messagesStore } from '../messages/store.js';
import { teller } from '../messages/telling.js';
import type { AnsweringPorts } from '../platform/ports.js';
import { placesHandlers } from './handlers.js';
import { placesStore } from './store.js';

export function placesService(ports: AnsweringPorts) {
  const { db, tableNames, now } = ports;
  const deps = {
    places: placesStore(db, tableNames.places),
    people: { roleOf: roleReader(db, tableNames.accounts) },
    recording: auditStore(db, tableNames.audit, now).recording,
    telling: teller(messagesStore(db, tableNames.messages), ports),
    now,
  };
  return dispatch(placesContract, placesHandlers, deps, ports);
}
