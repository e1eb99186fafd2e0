import type { Role } from '../http/contract.js';
import type { IdentityKind } from './identity.js';

/** A person as the rules know them, every field in clear. It leaves the service masked, or to the person alone. */
export interface PersonRecord {
  readonly personId: string;
  readonly role: Role;
  /** An officer's street. */
  readonly areaCode?: string | undefined;
  readonly name?: string | undefined;
  /** E.164 */
  readonly phone: string;
  /** The person within our WeChat official account. */
  readonly openid?: string | undefined;
  readonly identity?: Identity | undefined;
  readonly home?: Home | undefined;
  readonly createdAt: string;
}
export interface Identity {
  readonly kind: IdentityKind;
  readonly number: string;
}
/** Where the person lives: the community, and the rest as it is written on a letter. */
export interface Home {
  readonly areaCode: string;
  readonly line: string;
}
