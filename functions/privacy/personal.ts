import type { Holder } from '../platform/holder.js';
import type { PrivacyStore } from './store.js';

/** The ledger of consents, and reveals while they last. */
export const privacyHolder = (privacy: PrivacyStore): Holder => ({
  async show(personId) {
    const consents = await privacy.consentsOf(personId);
    return Promise.all(
      consents.map(async (consent) => {
        const { purpose, version, agreed, at } = consent;
        const guardian = await privacy.guardianOf(personId, consent);
        return { purpose, version, agreed, at, ...(guardian ? { guardian } : {}) };
      }),
    );
  },
  async erase(personId, now) {
    await privacy.endConsents(personId, now.toISOString());
    await privacy.endReveals(personId);
  },
});
