import { privacyContract } from '../../shared/privacy/contract.js';
import { areasOfficer } from '../../shared/privacy/officers.js';
import { accountsHolder } from '../accounts/personal.js';
import { accountsStore } from '../accounts/store.js';
import { auditHolder } from '../audit/personal.js';
import { auditStore } from '../audit/store.js';
import { dispatch } from '../http/dispatch.js';
import { limitCounter } from '../http/limits.js';
import { messagesHolder } from '../messages/personal.js';
import { messagesStore } from '../messages/store.js';
import { bureauGroup, phoneTeller, teller } from '../messages/telling.js';
import { placesHolder } from '../places/personal.js';
import { placesStore } from '../places/store.js';
import type { AnsweringPorts, DataPorts, KeyPorts } from '../platform/ports.js';
import { rollupsHolder } from '../rollups/personal.js';
import { rollupsStore } from '../rollups/store.js';
import { sessionsHolder } from '../sessions/personal.js';
import { sessionsStore } from '../sessions/store.js';
import { sortingHolder } from '../sorting/personal.js';
import { sortingStore } from '../sorting/store.js';
import type { ErasureDeps } from './deps.js';
import { privacyHandlers } from './handlers.js';
import { allHolders } from './holders.js';
import { privacyHolder } from './personal.js';
import { privacyStore } from './store.js';

/** Everything that takes a person away, for the person who asks and for the purge. */
export function erasureDeps(ports: DataPorts & KeyPorts) {
  const { db, tableNames, keys, now } = ports;
  const accounts = accountsStore(db, tableNames.accounts, keys);
  const audit = auditStore(db, tableNames.audit, now);
  const sites = placesStore(db, tableNames.places);
  const sessions = sessionsStore(db, tableNames.sessions, keys);
  const outbox = messagesStore(db, tableNames.messages);
  const privacy = privacyStore(db, tableNames.privacy, keys);

  /** Where a person may have logged: at the sites they have managed, and in the streets they have been an officer of. */
  const sitesOf = async (personId: string): Promise<string[]> => {
    const [tenures, person, roles] = await Promise.all([
      sites.tenuresOf(personId),
      accounts.person(personId),
      audit.everyOf('subject', personId),
    ]);
    const found = new Set(tenures.map(({ siteId }) => siteId));
    for (const street of areasOfficer(person, roles)) for await (const { siteId } of sites.everySite(street)) found.add(siteId);
    return [...found];
  };

  const deps: ErasureDeps = {
    holders: allHolders({
      accounts: accountsHolder(accounts),
      sessions: sessionsHolder(sessions, now),
      privacy: privacyHolder(privacy),
      messages: messagesHolder(outbox, now),
      audit: auditHolder(audit),
      places: placesHolder(sites),
      sorting: sortingHolder(sortingStore(db, tableNames.sorting), sitesOf),
      rollups: rollupsHolder(rollupsStore(db, tableNames.rollups)),
    }),
    people: accounts,
    endingAll: sessions.endingAll,
    tellingPhone: phoneTeller(outbox, keys, ports),
    recording: audit.recording,
    now,
  };
  return { deps, accounts, audit, sites, sessions, outbox, privacy };
}

export function privacyService(ports: AnsweringPorts & KeyPorts) {
  const { db, tableNames, newId } = ports;
  const { deps, sites, sessions, outbox, privacy } = erasureDeps(ports);
  const count = limitCounter(db, tableNames.limits);
  const own = { privacy, sites, codes: sessions, telling: teller(outbox, ports), bureauGroup, count, newId };
  return dispatch(privacyContract, privacyHandlers, { ...deps, ...own }, ports);
}
