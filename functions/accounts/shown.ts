import type * as z from 'zod/mini';
import type { MaskedPerson, Me, Person } from '../../shared/accounts/contract.js';
import { isChildBy } from '../../shared/accounts/identity.js';
import { maskAddress, maskIdentity, maskName, maskPhone } from '../../shared/accounts/masks.js';
import type { Identity, PersonRecord } from '../../shared/accounts/person.js';
import { cityDay } from '../../shared/time/day.js';
import type { AccountsDeps } from './deps.js';

/** A person as they see themselves. */
export async function personOf(
  { personId, role, areaCode, name, phone }: PersonRecord,
  { sites }: { readonly sites: Pick<AccountsDeps['sites'], 'managedBy'> },
): Promise<Person> {
  const scope = {
    ...(areaCode ? { areaCode } : {}),
    ...(role === 'manager' ? { siteIds: (await sites.managedBy(personId)).map(({ siteId }) => siteId) } : {}),
  };
  return { personId, role, name: name ?? null, phone, scope };
}

export async function meOf(person: PersonRecord, deps: Pick<AccountsDeps, 'sites' | 'now'>): Promise<z.input<typeof Me>> {
  const { home = null, identity, openid } = person;
  return {
    ...(await personOf(person, deps)),
    home,
    identity: maskedIdentity(identity),
    child: isChildBy(identity, cityDay(deps.now())),
    wechatLinked: openid !== undefined,
  };
}

/** A person as staff sees them. */
export const masked = ({ personId, role, name, phone, home, identity }: PersonRecord): z.input<typeof MaskedPerson> => ({
  personId,
  role,
  maskedName: name === undefined ? null : maskName(name),
  maskedPhone: maskPhone(phone),
  maskedHome: home ? maskAddress(home) : null,
  maskedIdentity: maskedIdentity(identity),
});

/** A member of staff in a list. */
export function listed(person: PersonRecord) {
  const { personId, role, maskedName, maskedPhone } = masked(person);
  return { personId, role, maskedName, maskedPhone, areaCode: person.areaCode ?? null };
}

const maskedIdentity = (identity: Identity | undefined) =>
  identity ? { kind: identity.kind, maskedNumber: maskIdentity(identity.number) } : null;
