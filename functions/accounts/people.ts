import { setTimeout as wait } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { staffRoles } from '../../shared/accounts/rules.js';
import { AreaCode } from '../../shared/city/areas.js';
import { type Role, roles } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import { cancelled } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { pageOf } from '../database/queries.js';
import type { Keys } from '../platform/keys.js';

/*
 * pattern                     key                               index
 * a person                    PERSON#<personId> / PERSON        –
 * the person of a phone       PHONE#<fingerprint> / PHONE       –
 * staff, by role              STAFF / <role>#<personId>         staff
 */
const personKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'PERSON' });
const phoneKey = (fingerprint: string) => ({ pk: `PHONE#${fingerprint}`, sk: 'PHONE' });
const roleAndId = (role: string, personId: string) => `${role}#${personId}`;
const sealedField = (personId: string, field: string) => `accounts#${personId}#${field}`;

const Stored = z.object({
  personId: z.uuid(),
  role: z.enum(roles),
  areaCode: z.optional(AreaCode),
  name: z.optional(z.string()),
  phone: z.string(),
  phoneFingerprint: z.string(),
  createdAt: z.iso.datetime(),
  version: z.int(),
});

export interface PersonRecord {
  readonly personId: string;
  readonly role: Role;
  readonly areaCode?: string | undefined;
  readonly name?: string | undefined;
  readonly phone: string;
  readonly createdAt: string;
}

/** The people, their names and phones sealed at rest; a phone leads to one person. */
export function peopleStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const open = (item: unknown) => {
    const { name, phone, ...rest } = Stored.parse(item);
    return {
      ...rest,
      phone: keys.open(phone, sealedField(rest.personId, 'phone')),
      name: name === undefined ? undefined : keys.open(name, sealedField(rest.personId, 'name')),
    };
  };
  const stored = async (personId: string) => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: personKey(personId), ConsistentRead: true }));
    return Item && open(Item);
  };

  const keepOnce = async (person: PersonRecord, before: Awaited<ReturnType<typeof stored>>): Promise<void> => {
    const fingerprint = keys.fingerprint('phone', person.phone);
    const { personId, role, areaCode, name, createdAt } = person;
    const isStaff = (staffRoles as readonly Role[]).includes(role);
    const item = {
      ...personKey(personId),
      personId,
      role,
      areaCode,
      name: name === undefined ? undefined : keys.seal(name, sealedField(personId, 'name')),
      phone: keys.seal(person.phone, sealedField(personId, 'phone')),
      phoneFingerprint: fingerprint,
      createdAt: before?.createdAt ?? createdAt,
      version: (before?.version ?? 0) + 1,
      ...(isStaff ? { listed: 'STAFF', roleAndId: roleAndId(role, personId) } : {}),
    };
    const claim = {
      TableName: table,
      Item: { ...phoneKey(fingerprint), personId },
      ConditionExpression: 'attribute_not_exists(pk) OR personId = :me',
      ExpressionAttributeValues: { ':me': personId },
    };
    const put = before
      ? { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': before.version } }
      : { ConditionExpression: 'attribute_not_exists(pk)' };
    const released =
      before && before.phoneFingerprint !== fingerprint ? [{ Delete: { TableName: table, Key: phoneKey(before.phoneFingerprint) } }] : [];
    await db.send(
      new TransactWriteCommand({ TransactItems: [{ Put: claim }, { Put: { TableName: table, Item: item, ...put } }, ...released] }),
    );
  };

  return {
    person: async (personId: string): Promise<PersonRecord | undefined> => stored(personId),

    async personByPhone(phone: string): Promise<PersonRecord | undefined> {
      const Key = phoneKey(keys.fingerprint('phone', phone));
      const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && stored(String(Item.personId));
    },

    /** Keeps a person and the claim on their phone, together. Throws `phone_taken` where another holds the number. */
    async keep(person: PersonRecord): Promise<void> {
      for (let tries = 1; ; tries++) {
        try {
          return await keepOnce(person, await stored(person.personId));
        } catch (error) {
          const reason = cancelled(error);
          if (reason?.failed.includes(0)) throw new Failure('phone_taken');
          // The person was changed between the look and the leap, or another transaction held an item: look again.
          if (!reason) throw error;
          if (tries === 12) throw new Failure('person_changed_meanwhile');
          await wait(20 * tries * Math.random());
        }
      }
    },

    /** Staff of one role or of all, in the order of roles and ids. */
    async staff(role: Role | undefined, limit: number, cursor: string | undefined) {
      const after = placeOf(cursor, /^[a-z]+#[0-9a-f-]{36}$/);
      // '~' sorts behind every id, '$' behind the '#' that ends a role.
      const from = after ? `${after}~` : `${role ?? '!'}`;
      const to = role ? `${role}$` : '~';
      if (from > to) throw new Failure('invalid_cursor');
      const { items, more } = await pageOf(
        db,
        {
          TableName: table,
          IndexName: 'staff',
          KeyConditionExpression: 'listed = :staff AND roleAndId BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':staff': 'STAFF', ':from': from, ':to': to },
        },
        limit,
      );
      const people: PersonRecord[] = items.map(open);
      const last = people.at(-1);
      return { people, nextCursor: more && last ? cursorOf(roleAndId(last.role, last.personId)) : null };
    },
  };
}
export type PeopleStore = ReturnType<typeof peopleStore>;
