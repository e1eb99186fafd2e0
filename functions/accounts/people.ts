import { setTimeout as wait } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PersonRecord } from '../../shared/accounts/person.js';
import { staffRoles } from '../../shared/accounts/rules.js';
import type { Role } from '../../shared/http/contract.js';
import { Failure, type FailureCode } from '../../shared/http/failures.js';
import { cancelled, conditionFailed } from '../database/conditions.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import { type Item, pageOf } from '../database/queries.js';
import { type Commit, plainCommit, type Write } from '../database/writes.js';
import type { Classify } from '../platform/holder.js';
import type { Keys } from '../platform/keys.js';
import { openPerson, sealPerson, uniqueOf } from './record.js';
import { isErased, personKey } from './roles.js';

/*
 * pattern                     key                                       index
 * a person                    PERSON#<personId> / PERSON                –
 * the person of a phone       CLAIM#phone#<fingerprint> / CLAIM         –
 * of a WeChat user            CLAIM#openid#<fingerprint> / CLAIM        –
 * of an identity document     CLAIM#identity#<fingerprint> / CLAIM      –
 * staff, by role              STAFF / <role>#<personId>                 staff
 * how many are the bureau     BUREAU / COUNT                            –
 *
 * A person and what leads to them change together: a phone, a WeChat user and a document each lead to one person. Of an
 * erased one it stays that the number is spent, so that nobody is ever given it again. The count keeps a last account of
 * the bureau where two that look at the same time would each believe in the other.
 */
type Unique = keyof ReturnType<typeof uniqueOf>;
const claimKey = (what: string, fingerprint: string) => ({ pk: `CLAIM#${what}#${fingerprint}`, sk: 'CLAIM' });
const bureauKey = { pk: 'BUREAU', sk: 'COUNT' };
const roleAndId = (role: string, personId: string) => `${role}#${personId}`;
const taken: Record<Unique, FailureCode> = { phone: 'phone_taken', openid: 'wechat_taken', identity: 'identity_taken' };
const isStaff = (role: Role) => (staffRoles as readonly Role[]).includes(role);

const lastHeardOf = ({ seenAt, createdAt, role }: Item) => (role === 'resident' ? String(seenAt ?? createdAt) : '~');
/** Residents' accounts go when nobody has used them for long; a member of staff's goes when the bureau says so. */
export const classOfPerson: Classify = (item) =>
  item.sk === 'PERSON' && item.role === 'resident' ? { of: 'inactive_accounts', since: lastHeardOf(item) } : undefined;

/** What a change makes of a person, and how it is written. */
export type Change = (before: PersonRecord | undefined) => PersonRecord;

/** The people, their personal fields sealed at rest. */
export function peopleStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const stored = async (personId: string) => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: personKey(personId), ConsistentRead: true }));
    return Item && !isErased(Item) ? openPerson(Item, keys) : undefined;
  };
  const isErasedNow = async (personId: string) => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: personKey(personId), ConsistentRead: true }));
    return Item !== undefined && isErased(Item);
  };
  type Stored = Awaited<ReturnType<typeof stored>>;

  const leadsTo = async (what: Unique, value: string): Promise<PersonRecord | undefined> => {
    const Key = claimKey(what, keys.fingerprint(what, value));
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item && stored(String(Item.personId));
  };

  /** The claims a person makes: those first, in the order of `uniqueOf`, so that a failed one is known by its place. */
  const claimsOf = (person: PersonRecord) =>
    Object.entries(uniqueOf(person)).map(([what, value]) => [what as Unique, keys.fingerprint(what as Unique, value)] as const);

  const releasesOf = (before: Stored, kept: readonly (readonly [string, string])[]): Write[] =>
    Object.entries(before?.claims ?? {})
      .filter(([what, fingerprint]) => !kept.some(([own, print]) => own === what && print === fingerprint))
      .map(([what, fingerprint]) => ({ Delete: { TableName: table, Key: claimKey(what, fingerprint) } }));

  /** One more account of the bureau, or one less: never the last one. */
  const counting = (before: Role | undefined, after: Role | undefined): Write[] => {
    const more = Number(after === 'bureau') - Number(before === 'bureau');
    if (more === 0) return [];
    const lastStays =
      more < 0
        ? { ConditionExpression: '#n > :one', ExpressionAttributeNames: { '#n': 'n' } }
        : { ExpressionAttributeNames: { '#n': 'n' } };
    const ExpressionAttributeValues = { ':more': more, ...(more < 0 ? { ':one': 1 } : {}) };
    return [{ Update: { TableName: table, Key: bureauKey, UpdateExpression: 'ADD #n :more', ...lastStays, ExpressionAttributeValues } }];
  };

  const writesOf = async (person: PersonRecord, before: Stored): Promise<Write[]> => {
    const { personId, role } = person;
    const claims = claimsOf(person);
    const Item = {
      ...personKey(personId),
      ...(await sealPerson(person, keys)),
      claims: Object.fromEntries(claims),
      seenAt: before?.seenAt,
      version: (before?.version ?? 0) + 1,
      ...(isStaff(role) ? { listed: 'STAFF', roleAndId: roleAndId(role, personId) } : {}),
    };
    const unchanged = before
      ? {
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': before.version },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' };
    return [
      ...claims.map(([what, fingerprint]) => ({
        Put: {
          TableName: table,
          Item: { ...claimKey(what, fingerprint), personId },
          ConditionExpression: 'attribute_not_exists(pk) OR personId = :me',
          ExpressionAttributeValues: { ':me': personId },
        },
      })),
      { Put: { TableName: table, Item, ...unchanged } },
      ...counting(before?.role, role),
      ...releasesOf(before, claims),
    ];
  };

  /**
   * Changes a person, or makes one. `commitOf` may add to the change what belongs to it. Throws `phone_taken` and its
   * like where something already leads to another person.
   */
  const change = async (
    personId: string,
    next: Change,
    commitOf: (after: PersonRecord, before: PersonRecord | undefined) => Commit = () => plainCommit(db),
  ): Promise<PersonRecord> => {
    for (let tries = 1; ; tries++) {
      const before = await stored(personId);
      const person = next(before);
      try {
        await commitOf(person, before)(await writesOf(person, before));
        return person;
      } catch (error) {
        const reason = cancelled(error);
        const claims = claimsOf(person);
        const claimed = reason && claims.find((_, i) => reason.failed.includes(i));
        if (claimed) throw new Failure(taken[claimed[0]]);
        if (reason && (await isErasedNow(personId))) throw new Failure('person_erased');
        if (before?.role === 'bureau' && person.role !== 'bureau' && reason?.failed.includes(claims.length + 1))
          throw new Failure('last_bureau');
        // The person was changed between the look and the leap, or another transaction held an item: look again.
        if (!reason) throw error;
        if (tries === 12) throw new Failure('person_changed_meanwhile');
        await wait(20 * tries * Math.random());
      }
    }
  };

  return {
    person: async (personId: string): Promise<PersonRecord | undefined> => stored(personId),
    personByPhone: (phone: string) => leadsTo('phone', phone),
    personByOpenid: (openid: string) => leadsTo('openid', openid),
    change,

    /** Keeps a person as given. */
    keep: (person: PersonRecord) => change(person.personId, (before) => ({ ...person, createdAt: before?.createdAt ?? person.createdAt })),

    /** Notes that a person was here, once a month. */
    async seen(personId: string, now: Date): Promise<void> {
      const month = now.toISOString().slice(0, 7);
      try {
        await db.send(
          new UpdateCommand({
            TableName: table,
            Key: personKey(personId),
            UpdateExpression: 'SET seenAt = :now',
            ConditionExpression: 'attribute_exists(claims) AND (attribute_not_exists(seenAt) OR seenAt < :month)',
            ExpressionAttributeValues: { ':now': now.toISOString(), ':month': month },
          }),
        );
      } catch (error) {
        if (!conditionFailed(error)) throw error;
      }
    },

    /** A resident of whom nothing was heard since then. */
    async unheardOfSince(personId: string, since: string): Promise<boolean> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: personKey(personId), ConsistentRead: true }));
      return Item !== undefined && !isErased(Item) && lastHeardOf(Item) < since;
    },

    /** Holds while the account does: to be written with what only a living account may have. */
    alive: (personId: string): Write => ({
      ConditionCheck: { TableName: table, Key: personKey(personId), ConditionExpression: 'attribute_exists(claims)' },
    }),

    /** What takes a person away, with everything that leads to them. The bureau's last account fails in the second place. */
    async removing(personId: string, now: Date): Promise<Write[] | undefined> {
      const before = await stored(personId);
      if (!before) return undefined;
      const Put = {
        TableName: table,
        Item: { ...personKey(personId), erasedAt: now.toISOString() },
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': before.version },
      };
      return [{ Put }, ...counting(before.role, undefined), ...releasesOf(before, [])];
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
      const people: PersonRecord[] = await Promise.all(items.map((item) => openPerson(item, keys)));
      const last = people.at(-1);
      return { people, nextCursor: more && last ? cursorOf(roleAndId(last.role, last.personId)) : null };
    },
  };
}
export type PeopleStore = ReturnType<typeof peopleStore>;
