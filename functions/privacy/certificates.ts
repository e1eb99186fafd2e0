import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { AuditEntry } from '../../shared/audit/rules.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { pageOf } from '../database/queries.js';
import type { Commit } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';

/*
 * pattern                              key                               index
 * certificates of purges, by time      CERTIFICATES / <finishedAt>       –
 */
const certificateKey = (finishedAt: string) => ({ pk: 'CERTIFICATES', sk: finishedAt });

const Stored = z.object({
  startedAt: z.string(),
  finishedAt: z.string(),
  records: z.record(z.string(), z.int()),
  cutoffs: z.record(z.string(), z.string()),
  chainFrom: z.optional(z.object({ day: z.string(), seq: z.int(), hash: z.string() })),
});
export type Certificate = z.output<typeof Stored>;

export const classOfCertificate: Classify = ({ pk, finishedAt }) =>
  pk === certificateKey('').pk ? { of: 'purge_certificates', since: String(finishedAt) } : undefined;

/** What was purged, and when: kept much longer than what it tells of. */
export function certificateStore(db: DynamoDBDocumentClient, table: string) {
  return {
    /** Keeps a certificate, and puts on record that it was given. */
    async certify(certificate: Certificate, recording: (entry: AuditEntry) => Commit): Promise<void> {
      const { finishedAt, records } = certificate;
      const Put = { TableName: table, Item: { ...certificateKey(finishedAt), ...certificate } };
      await recording({ action: 'purged', actorId: 'purge', about: finishedAt, facts: records })([{ Put }]);
    },

    /** Certificates, newest first. */
    async certificates(limit: number, cursor: string | undefined) {
      const before = placeOf(cursor, /^[\dT:.-]+Z$/);
      const query = {
        TableName: table,
        KeyConditionExpression: `pk = :all${before ? ' AND sk < :before' : ''}`,
        ExpressionAttributeValues: { ':all': certificateKey('').pk, ...(before ? { ':before': before } : {}) },
        ScanIndexForward: false,
      };
      const { items, more } = await pageOf(db, query, limit);
      const certificates = items.map((item) => Stored.parse(item));
      const last = certificates.at(-1);
      return { certificates, nextCursor: more && last ? cursorOf(last.finishedAt) : null };
    },
  };
}
