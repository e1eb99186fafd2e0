import { bulkReveals } from '../../shared/privacy/reveals.js';
import type { PrivacyDeps } from './deps.js';

/**
 * Counts a reveal. The one that reaches the mark raises a flag, once a window: it goes on record, and the bureau is told,
 * twenty of its accounts at most and its group.
 */
export async function flagBulk(actorId: string, { count, people, recording, telling, bureauGroup, now }: PrivacyDeps): Promise<void> {
  const counted = await count(`reveals ${actorId}`, bulkReveals, now());
  if (counted.count !== bulkReveals.most) return;
  const { people: bureau } = await people.staff('bureau', 20, undefined);
  const told = [...bureau.map(({ personId }) => personId), bureauGroup].map((to) =>
    telling(to, { template: 'bulk_reveals', params: { count: counted.count } }),
  );
  await recording({ action: 'bulk_reveals', actorId, facts: { count: counted.count } })(told);
}
