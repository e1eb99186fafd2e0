import * as z from 'zod/mini';
import { identityKinds } from '../../shared/accounts/identity.js';
import type { PersonRecord } from '../../shared/accounts/person.js';
import { AreaCode } from '../../shared/city/areas.js';
import { roles } from '../../shared/http/contract.js';
import { type Keys, Sealed } from '../platform/keys.js';

export const StoredPerson = z.object({
  personId: z.uuid(),
  role: z.enum(roles),
  areaCode: z.optional(AreaCode),
  homeAreaCode: z.optional(AreaCode),
  identityKind: z.optional(z.enum(identityKinds)),
  sealed: Sealed,
  /** What each claim of this person hangs on: phone, openid, identity. */
  claims: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  /** When the person was last here, to the month. */
  seenAt: z.optional(z.iso.datetime()),
  version: z.int(),
});
export type StoredPerson = z.output<typeof StoredPerson>;

const ofPerson = (personId: string) => ({ table: 'accounts', record: personId });

/** A person's values that lead to one person and no other. */
export const uniqueOf = ({ phone, openid, identity }: PersonRecord) => ({
  phone,
  ...(openid ? { openid } : {}),
  ...(identity ? { identity: identityText(identity) } : {}),
});
export const identityText = ({ kind, number }: NonNullable<PersonRecord['identity']>) => `${kind} ${number}`;

export async function sealPerson(person: PersonRecord, keys: Keys): Promise<Omit<StoredPerson, 'claims' | 'seenAt' | 'version'>> {
  const { personId, role, areaCode, name, phone, openid, identity, home, createdAt } = person;
  const sealed = await keys.seal(ofPerson(personId), { name, phone, openid, identity: identity?.number, home: home?.line });
  return { personId, role, areaCode, homeAreaCode: home?.areaCode, identityKind: identity?.kind, sealed, createdAt };
}

export async function openPerson(item: unknown, keys: Keys): Promise<PersonRecord & Pick<StoredPerson, 'claims' | 'seenAt' | 'version'>> {
  const { sealed, homeAreaCode, identityKind, ...rest } = StoredPerson.parse(item);
  const { name, phone = '', openid, identity, home } = await keys.open(ofPerson(rest.personId), sealed);
  return {
    ...rest,
    name,
    phone,
    openid,
    identity: identityKind && identity ? { kind: identityKind, number: identity } : undefined,
    home: homeAreaCode && home ? { areaCode: homeAreaCode, line: home } : undefined,
  };
}
