import { auditStore } from '../../functions/audit/store.js';
import { verifyChain } from '../../functions/audit/verify.js';
import { everyItem } from '../../functions/jobs/walk.js';
import type { DataPorts, KeyPorts } from '../../functions/platform/ports.js';
import { privacyStore } from '../../functions/privacy/store.js';

/** Checks the record against itself, and against the certificates of purges that have seen it. */
export function verifyRecord({ db, tableNames, keys, now }: DataPorts & KeyPorts, day?: string) {
  const { itemsOf, endItem } = auditStore(db, tableNames.audit, now);
  const { everyCertificate } = privacyStore(db, tableNames.privacy, keys);
  const certificates = async () => (await everyCertificate()).map(({ at, certificate }) => ({ at, anchor: certificate }));
  return verifyChain({ everyItem: () => everyItem(db, tableNames.audit), itemsOf, endItem, certificates }, day);
}
