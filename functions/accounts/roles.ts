import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { roles } from '../../shared/http/contract.js';
import type { Item } from '../database/queries.js';

/** A person's key; the access patterns of the table stand in people.ts. */
export const personKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'PERSON' });

/** All that stays of an erased person: that the number is spent. */
export const isErased = ({ erasedAt }: Item) => erasedAt !== undefined;

const Role = z.object({ role: z.enum(roles), claims: z.record(z.string(), z.string()) });

/** What is known of a person without a key that opens anything. */
export const roleReader = (db: DynamoDBDocumentClient, table: string) => async (personId: string) => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: personKey(personId), ConsistentRead: true }));
  return Item && !isErased(Item) ? Role.parse(Item) : undefined;
};
