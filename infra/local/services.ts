import { accountsService } from '../../functions/accounts/wiring.js';
import { auditService } from '../../functions/audit/wiring.js';
import type { Service } from '../../functions/http/dispatch.js';
import { messagesService } from '../../functions/messages/wiring.js';
import { placesService } from '../../functions/places/wiring.js';
import type { Ports } from '../../functions/platform/ports.js';
import { privacyService } from '../../functions/privacy/wiring.js';
import { rollupsService } from '../../functions/rollups/wiring.js';
import { sessionsService } from '../../functions/sessions/wiring.js';
import { sortingService } from '../../functions/sorting/wiring.js';
import type { DomainName } from '../../shared/catalog.js';

/** Every domain's function, as its Lambda entry makes it. */
export const services: Record<DomainName, (ports: Ports) => Service> = {
  sessions: sessionsService,
  accounts: accountsService,
  privacy: privacyService,
  messages: messagesService,
  audit: auditService,
  places: placesService,
  sorting: sortingService,
  rollups: rollupsService,
};
