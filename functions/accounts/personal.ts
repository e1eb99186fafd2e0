import { maskIdentity } from '../../shared/accounts/masks.js';
import type { Holder } from '../platform/holder.js';
import type { AccountsStore } from './store.js';

/** The account itself goes last, with the record that it went: see privacy/erasure.ts. */
export const accountsHolder = (accounts: AccountsStore): Holder => ({
  async show(personId) {
    const person = await accounts.person(personId);
    if (!person) return [];
    const { role, areaCode, name, phone, openid, identity, home, createdAt } = person;
    const document = identity && { kind: identity.kind, number: maskIdentity(identity.number) };
    return [{ role, areaCode, name, phone, wechatLinked: openid !== undefined, identity: document, home, createdAt }];
  },
  erase: async () => {},
});
