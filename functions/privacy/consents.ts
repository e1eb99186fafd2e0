import { setTimeout as wait } from 'node:timers/promises';
import { type DynamoDBDocumentClient, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { Failure } from '../../shared/http/failures.js';
import { purposes } from '../../shared/privacy/notices.js';
import type { Decision } from '../../shared/privacy/rules.js';
import { cancelled } from '../database/conditions.js';
import { allOf, type Item } from '../database/queries.js';
import type { Write } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';
import { type Keys, Sealed } from '../platform/keys.js';

/*
 * pattern                                   key                                                index
 * what a person decided, in time            PERSON#<personId> / CONSENT#<purpose>#<n>          –
 *
 * The ledger: an entry a decision, numbered within its purpose. An entry says since when it has been history, which is
 * all that is ever added to it.
 */
const partition = (personId: string) => `PERSON#${personId}`;
const consentKey = (personId: string, purpose: string, n: number) => ({
  pk: partition(personId),
  sk: `CONSENT#${purpose}#${String(n).padStart(6, '0')}`,
});

const Stored = z.object({
  purpose: z.enum(purposes),
  n: z.int(),
  version: z.int(),
  agreed: z.boolean(),
  at: z.string(),
  /** Replaced by a later one, or its person erased. */
  endedAt: z.optional(z.string()),
  relation: z.optional(z.string()),
  /** The guardian who agreed: name and phone. */
  sealed: z.optional(Sealed),
});
export type Consent = z.output<typeof Stored>;
export interface Deciding {
  readonly guardian?: Guardian | undefined;
  readonly alive?: Write | undefined;
}
export interface Guardian {
  readonly name: string;
  readonly relation: string;
  readonly phone: string;
}

export const isConsent = (item: Item) => String(item.sk).startsWith('CONSENT#');
export const classOfConsent: Classify = (item) =>
  isConsent(item) && item.endedAt ? { of: 'consents', since: String(item.endedAt) } : undefined;

export function consentStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const recordOf = (personId: string, purpose: string, n: number) => ({ table: 'privacy', record: `${personId} ${purpose} ${n}` });
  const consentsOf = async (personId: string): Promise<Consent[]> => {
    const items = await allOf(db, {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :person AND begins_with(sk, :consent)',
      ExpressionAttributeValues: { ':person': partition(personId), ':consent': 'CONSENT#' },
    });
    return items.map((item) => Stored.parse(item)).sort((a, b) => a.purpose.localeCompare(b.purpose) || a.n - b.n);
  };

  return {
    consentsOf,

    /**
     * Enters a decision. The same one again, of the same version, is the entry that stands, unless a guardian now agrees
     * where none had. `alive` is a condition on the person's account: nobody decides who has been erased.
     */
    async decide(personId: string, { purpose, version, agreed, at }: Decision, { guardian, alive }: Deciding = {}): Promise<void> {
      for (let tries = 1; ; tries++) {
        const before = (await consentsOf(personId)).filter((entry) => entry.purpose === purpose).at(-1);
        const stands = before?.version === version && before.agreed === agreed && !before.endedAt;
        if (stands && (!guardian || before.sealed)) return;
        const n = (before?.n ?? 0) + 1;
        const sealed = guardian && (await keys.seal(recordOf(personId, purpose, n), { name: guardian.name, phone: guardian.phone }));
        // In the order of the ledger, whichever of two pages was the first to ask.
        const moment = before && before.at > at ? before.at : at;
        const Item = {
          ...consentKey(personId, purpose, n),
          personId,
          purpose,
          n,
          version,
          agreed,
          at: moment,
          relation: guardian?.relation,
          sealed,
        };
        const ended = before && {
          Update: {
            TableName: table,
            Key: consentKey(personId, purpose, before.n),
            UpdateExpression: 'SET endedAt = if_not_exists(endedAt, :at)',
            ExpressionAttributeValues: { ':at': moment },
          },
        };
        try {
          const Put = { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' };
          const TransactItems = [...(alive ? [alive] : []), { Put }, ...(ended ? [ended] : [])];
          await db.send(new TransactWriteCommand({ TransactItems }));
          return;
        } catch (error) {
          const reason = cancelled(error);
          if (alive && reason?.failed.includes(0)) throw new Failure('session_ended');
          // Another page decided in the same moment: this decision comes after it.
          if (!reason || tries === 20) throw error;
          await wait(20 * tries * Math.random());
        }
      }
    },

    /** The guardian of an entry, for the person it is about. */
    async guardianOf(personId: string, { purpose, n, sealed, relation }: Consent) {
      if (!sealed) return undefined;
      const { name, phone } = await keys.open(recordOf(personId, purpose, n), sealed);
      return { name, phone, relation };
    },

    /** What was decided stays provable; who the guardian was does not. */
    async endConsents(personId: string, at: string): Promise<void> {
      for (const { purpose, n } of await consentsOf(personId)) {
        await db.send(
          new UpdateCommand({
            TableName: table,
            Key: consentKey(personId, purpose, n),
            UpdateExpression: 'SET endedAt = if_not_exists(endedAt, :at) REMOVE sealed, relation',
            ExpressionAttributeValues: { ':at': at },
          }),
        );
      }
    },
  };
}
