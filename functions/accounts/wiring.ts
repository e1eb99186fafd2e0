import { accountsContract } from '../../shared/accounts/contract.js';
import { dispatch } from '../http/dispatch.js';
import { placesStore } from '../places/store.js';
import type { Ports } from '../platform/ports.js';
import { accountsHandlers } from './handlers.js';
import { accountsStore } from './store.js';

export const accountsService = ({ db, tableNames, ...ports }: Ports) =>
  dispatch(
    accountsContract,
    accountsHandlers,
    { ...ports, accounts: accountsStore(db, tableNames.accounts, ports.keys), sites: placesStore(db, tableNames.places) },
    ports,
  );
