import type { AuditEntry } from '../../shared/audit/rules.js';
import { areas, cityDistrict } from '../../shared/city/areas.js';
import type { Caller, Handlers, Role } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { KeptContent } from '../../shared/messages/templates.js';
import type { placesContract, Site } from '../../shared/places/contract.js';
import { planImport } from '../../shared/places/register.js';
import {
  actsAt,
  areaToList,
  handOverAt,
  hasHouseholds,
  mayRegisterAt,
  mostHouseholds,
  repeatedNumbers,
} from '../../shared/places/rules.js';
import type { Commit, Write } from '../database/writes.js';
import { readRegisterFile } from './register-file.js';
import type { PlacesStore } from './store.js';

export interface PlacesDeps {
  readonly places: PlacesStore;
  readonly people: { roleOf(personId: string): Promise<{ readonly role: Role } | undefined> };
  readonly recording: (entry: AuditEntry, alongside: readonly Write[]) => Commit;
  readonly telling: (personId: string, content: KeptContent) => Write;
  readonly now: () => Date;
}

export const placesHandlers: Handlers<typeof placesContract, PlacesDeps> = {
  async 'GET /v1/areas'() {
    return { areas: [...areas] };
  },

  async 'PUT /v1/sites/{siteId}'({ path: { siteId }, body, caller }, { places }) {
    const before = await places.site(siteId);
    if (before && !actsAt(caller, before)) throw new Failure('site_not_found');
    const answer = mayRegisterAt(caller, body.areaCode);
    if (answer !== 'yes') throw new Failure(answer);
    return places.keepSite(siteId, body);
  },

  async 'GET /v1/sites/{siteId}'({ path: { siteId }, caller }, { places }) {
    const found = await places.siteWithRoster(siteId);
    if (!found || !actsAt(caller, found.site)) throw new Failure('site_not_found');
    const { occupied, vacant } = found.roster;
    return { ...found.site, households: occupied.size + vacant.size, occupied: occupied.size };
  },

  async 'GET /v1/sites'({ query, caller }, { places }) {
    const areaCode = areaToList(caller, query.areaCode, cityDistrict.areaCode);
    if (!areaCode) throw new Failure('area_not_found');
    const list = { ...query, areaCode };
    return caller.role === 'manager' ? places.sitesOfManager(caller.personId, list) : places.sitesIn(list);
  },

  async 'PUT /v1/sites/{siteId}/manager'({ path: { siteId }, body, caller }, { places, people, recording, telling, now }) {
    const site = await siteFor(caller, siteId, places);
    const person = await people.roleOf(body.personId);
    if (!person) throw new Failure('person_not_found');
    if (person.role !== 'manager') throw new Failure('not_a_manager');
    const { manager } = site;
    if (manager?.personId === body.personId && manager.organisation === body.organisation) return manager;
    const next = { ...body, sinceAt: handOverAt(now(), manager?.sinceAt) };
    const entry = { action: 'site_handed_over', actorId: caller.personId, subjectId: body.personId, about: siteId } as const;
    const told = telling(body.personId, { template: 'site_assigned', params: { siteName: site.name } });
    await places.handOver(site, next, caller.personId, recording(entry, [told]));
    return next;
  },

  async 'GET /v1/sites/{siteId}/managers'({ path: { siteId }, query, caller }, { places }) {
    await siteFor(caller, siteId, places);
    return places.tenures(siteId, query.limit, query.cursor);
  },

  async 'PUT /v1/sites/{siteId}/households'({ path: { siteId }, body: { households }, caller }, { places }) {
    const repeated = repeatedNumbers(households);
    if (repeated.length) {
      throw new Failure('invalid_request', {
        fields: repeated.slice(0, 20).map((i) => ({ path: `households.${i}.householdNo`, code: 'repeated' })),
      });
    }
    await estateFor(caller, siteId, places);
    return places.enter(siteId, households);
  },

  async 'GET /v1/sites/{siteId}/households'({ path: { siteId }, query, caller }, { places }) {
    await siteFor(caller, siteId, places);
    return places.households(siteId, query.limit, query.cursor);
  },

  async 'POST /v1/sites/{siteId}/households/import'({ path: { siteId }, query: { mode }, body, caller }, { places }) {
    await estateFor(caller, siteId, places);
    const { encoding, rows } = readRegisterFile(body);
    if (rows.length > mostHouseholds) throw new Failure('site_too_large');
    const { entries: register, version } = await places.register(siteId);
    const { results, entries, notInFile } = planImport(rows, register);
    const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
    const written = entries.length > 0 && (mode === 'valid' || (mode === 'all' && count('rejected') === 0));
    if (written) await places.enter(siteId, entries, version);
    return {
      encoding,
      rows: rows.length,
      written,
      added: count('added'),
      changed: count('changed'),
      unchanged: count('unchanged'),
      notInFile,
      rejected: count('rejected'),
      results: [...results],
    };
  },
};

async function siteFor(caller: Caller, siteId: string, places: PlacesStore): Promise<Site> {
  const site = await places.site(siteId);
  if (!site || !actsAt(caller, site)) throw new Failure('site_not_found');
  return site;
}

async function estateFor(caller: Caller, siteId: string, places: PlacesStore): Promise<Site> {
  const site = await siteFor(caller, siteId, places);
  if (!hasHouseholds(site.siteType)) throw new Failure('site_without_households');
  return site;
}
