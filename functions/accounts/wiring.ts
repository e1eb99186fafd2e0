import { accountsContract } from '../../shared/accounts/contract.js';
import { auditStore } from '../audit/store.js';
import { dispatch } from '../http/dispatch.js';
import { messagesStore } from '../messages/store.js';
import { phoneTeller, teller } from '../messages/telling.js';
import { placesStore } from '../places/store.js';
import type { AnsweringPorts, KeyPorts } from '../platform/ports.js';
import { sessionsStore } from '../sessions/store.js';
import { accountsHandlers } from './handlers.js';
import { accountsStore } from './store.js';

export function accountsService(ports: AnsweringPorts & KeyPorts) {
  const { db, tableNames, keys, now } = ports;
  const sessions = sessionsStore(db, tableNames.sessions, keys);
  const outbox = messagesStore(db, tableNames.messages);
  const deps = {
    accounts: accountsStore(db, tableNames.accounts, keys),
    sites: placesStore(db, tableNames.places),
    codes: sessions,
    standings: sessions,
    recording: auditStore(db, tableNames.audit, now).recording,
    telling: teller(outbox, ports),
    tellingPhone: phoneTeller(outbox, keys, ports),
    now,
  };
  return dispatch(accountsContract, accountsHandlers, deps, ports);
}
