import type { Holder } from '../platform/holder.js';
import type { PlacesStore } from './store.js';

/** Who answers for which site. What is over stays in the site's history; what lasts ends. */
export const placesHolder = (places: PlacesStore): Holder => ({
  async show(personId) {
    const tenures = await places.tenuresOf(personId);
    return tenures.map(({ siteId, organisation, sinceAt, untilAt }) => ({ siteId, organisation, sinceAt, untilAt: untilAt ?? null }));
  },
  async erase(personId, now) {
    for (const site of await places.managedBy(personId)) await places.endTenure(site, now.toISOString());
  },
});
