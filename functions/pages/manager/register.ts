import type { Household } from '../../../shared/places/contract.js';
import { call } from '../kit/service.js';

/** The whole register of a site, page by page: a round goes past every door. */
export async function registerOf(siteId: string): Promise<Household[]> {
  const households: Household[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await call('GET /v1/sites/{siteId}/households', { path: { siteId }, query: { limit: 500, cursor: cursor ?? undefined } });
    households.push(...page.households);
    cursor = page.nextCursor;
  } while (cursor);
  return households;
}
