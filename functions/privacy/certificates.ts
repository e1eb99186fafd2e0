import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type AuditEntry, sortedText } from '../../shared/audit/rules.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { allOf, type Item, itemsOf, pageOf } from '../database/queries.js';
import type { Commit, Write } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';
import type { Keys } from '../platform/keys.js';

/*
 * pattern                              key                               index
 * certificates of purges, by time      CERTIFICATES / <finishedAt>       –
 *
 * A certificate also says where the audit chain begins and where it ended, and is sealed by a keyed hash: whoever can
 * write the tables and has no key can neither make one nor change one.
 */
const certificateKey = (finishedAt: string) => ({ pk: 'CERTIFICATES', sk: finishedAt });

const ChainPlace = z.object({ day: z.string(), seq: z.int(), hash: z.string() });
const Stored = z.object({
  startedAt: z.string(),
  finishedAt: z.string(),
  records: z.record(z.string(), z.int()),
  cutoffs: z.record(z.string(), z.string()),
  /** The last link of the audit chain that has gone, in this purge or an earlier one. */
  chainFrom: z.optional(ChainPlace),
  /** Where the chain ended. */
  chainEnd: z.optional(ChainPlace),
});
export type Certificate = z.output<typeof Stored>;

export const classOfCertificate: Classify = ({ pk, finishedAt }) =>
  pk === certificateKey('').pk ? { of: 'purge_certificates', since: String(finishedAt) } : undefined;

/** What was purged, and when: kept much longer than what it tells of. */
export function certificateStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const macOf = (certificate: Certificate) => keys.fingerprint('certificate', sortedText(certificate));
  const all = { TableName: table, KeyConditionExpression: 'pk = :all', ExpressionAttributeValues: { ':all': certificateKey('').pk } };

  const genuine = (item: Item): Certificate | undefined => {
    const { data } = Stored.safeParse(item);
    if (!data || item.mac !== macOf(data) || item.sk !== data.finishedAt) return undefined;
    return Object.keys(item).length === Object.keys(data).length + 3 ? data : undefined;
  };
  const newest = async () => {
    for await (const item of itemsOf(db, { ...all, ConsistentRead: true, ScanIndexForward: false })) {
      const found = genuine(item);
      if (found) return found;
    }
    return undefined;
  };

  return {
    /** Keeps a certificate, and puts on record that it was given. Each says behind which link the chain begins. */
    async certify(purged: Certificate, recording: (entry: AuditEntry) => Commit, alongside: readonly Write[] = []): Promise<void> {
      const { finishedAt, records } = purged;
      const certificate = { ...purged, chainFrom: purged.chainFrom ?? (await newest())?.chainFrom };
      const Item = { ...certificateKey(finishedAt), ...certificate, mac: macOf(certificate) };
      const Put = { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' };
      await recording({ action: 'purged', actorId: 'purge', about: finishedAt, facts: records })([{ Put }, ...alongside]);
    },

    /** Every certificate by its key, and what it says where it is as it was made. */
    async everyCertificate(): Promise<{ at: string; certificate?: Certificate | undefined }[]> {
      const items = await allOf(db, { ...all, ConsistentRead: true });
      return items.map((item) => ({ at: String(item.sk), certificate: genuine(item) }));
    },

    /** Certificates, newest first; those that are not as they were made by their keys alone. */
    async certificates(limit: number, cursor: string | undefined) {
      const before = placeOf(cursor, /^[\dT:.-]+Z$/);
      const query = {
        TableName: table,
        KeyConditionExpression: `pk = :all${before ? ' AND sk < :before' : ''}`,
        ExpressionAttributeValues: { ':all': certificateKey('').pk, ...(before ? { ':before': before } : {}) },
        ScanIndexForward: false,
      };
      const { items, more } = await pageOf(db, query, limit);
      const last = items.at(-1);
      return {
        certificates: items.flatMap((item) => genuine(item) ?? []),
        notGenuine: items.filter((item) => !genuine(item)).map(({ sk }) => String(sk)),
        nextCursor: more && last ? cursorOf(String(last.sk)) : null,
      };
    },
  };
}
