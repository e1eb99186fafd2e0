import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { revealable } from '../../shared/privacy/contract.js';
import { revealSeconds } from '../../shared/privacy/reveals.js';
import { allOf } from '../database/queries.js';
import type { Write } from '../database/writes.js';

/*
 * pattern                        key                                              index
 * a reveal while it lasts        PERSON#<personId> / REVEAL#<revealId>            –
 *
 * It holds no value: those are read again from the account. The record that it happened stands in the audit chain.
 */
const revealKey = (personId: string, revealId: string) => ({ pk: `PERSON#${personId}`, sk: `REVEAL#${revealId}` });

const Stored = z.object({ revealId: z.string(), revealedTo: z.string(), fields: z.array(z.enum(revealable)), expiresAt: z.string() });
export type StoredReveal = z.output<typeof Stored>;

export function revealStore(db: DynamoDBDocumentClient, table: string) {
  return {
    /** A reveal from now on, to be written with its record. */
    revealing(personId: string, reveal: Omit<StoredReveal, 'expiresAt'>, now: Date): { write: Write; expiresAt: string } {
      const ttl = Math.floor(now.getTime() / 1000) + revealSeconds;
      const expiresAt = new Date(ttl * 1000).toISOString();
      const Item = { ...revealKey(personId, reveal.revealId), ...reveal, expiresAt, ttl };
      return { write: { Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' } }, expiresAt };
    },

    /** A reveal that still lasts, for whom it was given. */
    async reveal(personId: string, revealId: string, revealedTo: string, now: Date): Promise<StoredReveal | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: revealKey(personId, revealId), ConsistentRead: true }));
      const found = Item && Stored.parse(Item);
      return found?.revealedTo === revealedTo && found.expiresAt > now.toISOString() ? found : undefined;
    },

    async endReveals(personId: string): Promise<void> {
      const items = await allOf(db, {
        TableName: table,
        KeyConditionExpression: 'pk = :person AND begins_with(sk, :reveal)',
        ExpressionAttributeValues: { ':person': revealKey(personId, '').pk, ':reveal': 'REVEAL#' },
      });
      for (const { revealId } of items) {
        await db.send(new DeleteCommand({ TableName: table, Key: revealKey(personId, String(revealId)) }));
      }
    },
  };
}
