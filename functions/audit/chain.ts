import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type AuditEntry, type AuditLink, auditActions, chainBegins, hashedText } from '../../shared/audit/rules.js';
import { cityDay } from '../../shared/time/day.js';
import { cancelled } from '../database/conditions.js';
import type { Item } from '../database/queries.js';
import type { Commit, Write } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';

/*
 * pattern                                  key                              index
 * a day's record, in order                 DAY#<day> / <seq>                –
 * where the chain ends                     CHAIN / END                      –
 * what was done to a person, by time       <subjectId> / <day>#<seq>        subject
 * what a person did, by time               <actorId> / <day>#<seq>          actor
 *
 * A link is written in one transaction with the change it records, and only behind the link the chain ends with: two
 * changes of the same moment follow one another, and neither is without its record.
 */
export const dayKey = (day: string, seq: number) => ({ pk: `DAY#${day}`, sk: padded(seq) });
const endKey = { pk: 'CHAIN', sk: 'END' };
export const padded = (seq: number) => String(seq).padStart(8, '0');
const placeOf = ({ day, seq }: { day: string; seq: number }) => `${day}#${padded(seq)}`;

export const StoredLink = z.object({
  day: z.string(),
  seq: z.int(),
  at: z.string(),
  action: z.enum(auditActions),
  actorId: z.string(),
  subjectId: z.optional(z.string()),
  about: z.optional(z.string()),
  reason: z.optional(z.string()),
  facts: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  previous: z.string(),
  hash: z.string(),
});
/** A link as it lies in the table. */
export const asStored = (link: AuditLink) => ({ ...dayKey(link.day, link.seq), ...link, place: placeOf(link) });
export const End = z.object({ day: z.string(), seq: z.int(), hash: z.string() });
export type ChainEnd = z.output<typeof End>;
export const isEnd = ({ pk, sk }: Item) => pk === endKey.pk && sk === endKey.sk;

/** The day under which an item of the record lies. */
export const dayOfItem = ({ pk }: Item): string | undefined => /^DAY#(.*)$/.exec(String(pk))?.[1];
export const classOfLink: Classify = (item) => (dayOfItem(item) === undefined ? undefined : { of: 'audit', since: String(item.at) });

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** Others may be writing their links: the chain has one end. */
const mostTries = 40;

/** Writes changes together with their record. */
export function chainStore(db: DynamoDBDocumentClient, table: string, now: () => Date) {
  const endItem = async (): Promise<Item | undefined> =>
    (await db.send(new GetCommand({ TableName: table, Key: endKey, ConsistentRead: true }))).Item;
  const end = async (): Promise<ChainEnd | undefined> => {
    const found = await endItem();
    return found && End.parse(found);
  };

  const linked = (entries: readonly AuditEntry[], before: ChainEnd | undefined): AuditLink[] => {
    const at = now();
    // A clock that lags behind another machine's does not go back to a day that is over.
    const day = [cityDay(at), before?.day ?? ''].sort().at(-1) as string;
    let { hash, seq } = before?.day === day ? before : { hash: before?.hash ?? chainBegins, seq: 0 };
    return entries.map((entry) => {
      const link = { ...entry, day, seq: ++seq, at: at.toISOString(), previous: hash };
      hash = sha256(hashedText(link));
      return { ...link, hash };
    });
  };

  const writesOf = (links: readonly AuditLink[], before: ChainEnd | undefined): Write[] => {
    const { day, seq, hash } = links.at(-1) as AuditLink;
    return [
      {
        Put: {
          TableName: table,
          Item: { ...endKey, day, seq, hash },
          ...(before
            ? {
                ConditionExpression: '#hash = :before',
                ExpressionAttributeNames: { '#hash': 'hash' },
                ExpressionAttributeValues: { ':before': before.hash },
              }
            : { ConditionExpression: 'attribute_not_exists(pk)' }),
        },
      },
      ...links.map((link) => ({
        Put: {
          TableName: table,
          Item: asStored(link),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      })),
    ];
  };

  return {
    chainEnd: end,
    endItem,

    /**
     * A commit that writes the record with the change, and whatever else belongs to it. Where only the chain's end has
     * moved on it tries again behind the new one; a condition of the change itself that fails is its caller's to judge.
     */
    recording:
      (entry: AuditEntry | readonly AuditEntry[], alongside: readonly Write[] = []): Commit =>
      async (writes) => {
        const entries = [entry].flat() as readonly AuditEntry[];
        const own = [...writes, ...alongside];
        for (let tries = 1; ; tries++) {
          const before = await end();
          const TransactItems = [...own, ...writesOf(linked(entries, before), before)];
          try {
            await db.send(new TransactWriteCommand({ TransactItems }));
            return;
          } catch (error) {
            const reason = cancelled(error);
            if (!reason || reason.failed.some((i) => i < own.length) || tries === mostTries) throw error;
            await wait(Math.min(10 * tries, 100) * Math.random());
          }
        }
      },
  };
}
