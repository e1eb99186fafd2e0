import { placesContract } from '../../shared/places/contract.js';
import { accountsStore } from '../accounts/store.js';
import { dispatch } from '../http/dispatch.js';
import type { Ports } from '../platform/ports.js';
import { placesHandlers } from './handlers.js';
import { placesStore } from './store.js';

export const placesService = ({ db, tableNames, ...ports }: Ports) =>
  dispatch(
    placesContract,
    placesHandlers,
    { places: placesStore(db, tableNames.places), people: accountsStore(db, tableNames.accounts, ports.keys), now: ports.now },
    ports,
  );
