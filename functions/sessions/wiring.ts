import { sessionsContract } from '../../shared/sessions/contract.js';
import { personOf } from '../accounts/shown.js';
import { accountsStore } from '../accounts/store.js';
import { dispatch } from '../http/dispatch.js';
import { limitCounter } from '../http/limits.js';
import { messagesStore } from '../messages/store.js';
import { teller } from '../messages/telling.js';
import { wechatTokens } from '../messages/wechat-tokens.js';
import { placesStore } from '../places/store.js';
import type { Ports } from '../platform/ports.js';
import { sessionsHandlers } from './handlers.js';
import { sessionsStore } from './store.js';

export function sessionsService(ports: Ports) {
  const { db, tableNames, keys, wechat, now } = ports;
  const accounts = accountsStore(db, tableNames.accounts, keys);
  const sites = placesStore(db, tableNames.places);
  const telling = teller(messagesStore(db, tableNames.messages), ports);
  const deps = {
    ...ports,
    sessions: sessionsStore(db, tableNames.sessions, keys),
    people: { ...accounts, shown: (person: Parameters<typeof personOf>[0]) => personOf(person, { sites }) },
    count: limitCounter(db, tableNames.limits),
    tellOfReuse: (personId: string) => telling(personId, { template: 'session_reuse_ended', params: {} }),
    tellOfLink: (personId: string) => telling(personId, { template: 'wechat_linked', params: {} }),
    // Asked for only where WeChat is set up.
    jsTicket: () => wechatTokens(db, tableNames.messages, { keys, wechat: wechat as NonNullable<typeof wechat>, now }).jsTicket(),
  };
  return dispatch(sessionsContract, sessionsHandlers, deps, ports);
}
