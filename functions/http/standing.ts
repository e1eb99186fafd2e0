import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { roles } from '../../shared/http/contract.js';
import { waysIn } from '../../shared/sessions/rules.js';

/*
 * pattern                                     key                               index
 * who is signed in, where, and as what        PERSON#<personId> / SIGNED_IN     –
 *
 * One item a person, so that one read answers both whether a session still lives and whether its role still holds.
 * Written by sessions/sign-ins.ts; every function reads it, once a call.
 */
export const signedInKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'SIGNED_IN' });

const Session = z.object({
  /** How often its token has been replaced. */
  step: z.int(),
  rotatedAt: z.int(),
  startedAt: z.int(),
  expiresAt: z.int(),
  way: z.enum(waysIn),
  device: z.string(),
});
/** Times in seconds since 1970. */
export type Session = z.output<typeof Session>;

export const SignedIn = z.object({
  personId: z.string(),
  role: z.enum(roles),
  areaCode: z.optional(z.string()),
  sessions: z.record(z.string(), Session),
  version: z.int(),
});
export type SignedIn = z.output<typeof SignedIn>;

/** Reads a person's standing; consistently, since a role that was taken away ends at once. */
export const standingReader =
  (db: DynamoDBDocumentClient, table: string) =>
  async (personId: string): Promise<SignedIn | undefined> => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: signedInKey(personId), ConsistentRead: true }));
    return Item && SignedIn.parse(Item);
  };
