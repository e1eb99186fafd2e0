import { createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { accessLifeSeconds } from '../../shared/sessions/rules.js';
import type { SigningKey, Vault } from './vault.js';

/** Access tokens: JWT of type at+jwt (RFC 9068), ES256 and nothing else (RFC 8725, 3.1). */
export interface Tokens {
  /** `claims` are public to the bearer: nothing personal. */
  sign(claims: Readonly<Record<string, unknown>>, personId: string, now: Date): Promise<string>;
  /** The claims of a token that is ours and in time, or nothing. */
  verify(token: string, now: Date): Promise<Record<string, unknown> | undefined>;
  /** The public keys as RFC 7517 writes them: of every token that may be about, and of the next signer. */
  published(now: Date): Promise<readonly Jwk[]>;
}
export type Jwk = SigningKey['publicKey'] & { readonly kid: string; readonly alg: 'ES256'; readonly use: 'sig' };

const issuer = 'gongzhi';
const audience = 'gongzhi-api';
/** Two machines' clocks may differ by so much. */
const skewSeconds = 5;
/** A made-up `kid` must not make every request ask the vault. */
const askAgainAfterMs = 10_000;

/** The key that signs now: the one that began last. */
export function signerAt(keys: readonly SigningKey[], now: Date): SigningKey | undefined {
  return keys
    .filter(({ signsFrom }) => Date.parse(signsFrom) <= now.getTime())
    .sort((a, b) => Date.parse(a.signsFrom) - Date.parse(b.signsFrom))
    .at(-1);
}

/** The keys whose tokens are taken: those to come, the signer, and each that signed until a token's life ago. */
export function acceptedAt(keys: readonly SigningKey[], now: Date): readonly SigningKey[] {
  const lifeAgo = new Date(now.getTime() - (accessLifeSeconds + skewSeconds) * 1000);
  const oldest = signerAt(keys, lifeAgo);
  return keys.filter((key) => !oldest || Date.parse(key.signsFrom) >= Date.parse(oldest.signsFrom));
}

export function tokensOf(vault: Vault): Tokens {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const publicKeys = new Map<string, KeyObject>();
  let askedAt = 0;

  const find = async (kid: string | undefined, now: Date): Promise<KeyObject | undefined> => {
    const among = async (fresh: boolean) => acceptedAt(await vault.signingKeys(fresh), now).find((key) => key.kid === kid);
    let key = await among(false);
    if (!key && Date.now() > askedAt + askAgainAfterMs) {
      askedAt = Date.now();
      key = await among(true);
    }
    if (!key) return undefined;
    const known = publicKeys.get(key.kid) ?? createPublicKey({ key: { ...key.publicKey }, format: 'jwk' });
    publicKeys.set(key.kid, known);
    return known;
  };

  return {
    async sign(claims, personId, now) {
      const key = signerAt(await vault.signingKeys(), now);
      if (!key) throw new Error('No key signs yet');
      const at = Math.floor(now.getTime() / 1000);
      const head = encoded({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
      const body = encoded({ ...claims, sub: personId, iss: issuer, aud: audience, iat: at, exp: at + accessLifeSeconds });
      const signature = await key.sign(Buffer.from(`${head}.${body}`));
      return `${head}.${body}.${Buffer.from(signature).toString('base64url')}`;
    },

    async verify(token, now) {
      try {
        const keyOf = async ({ kid }: { kid?: string }) => {
          const key = await find(kid, now);
          if (!key) throw new errors.JWKSNoMatchingKey();
          return key;
        };
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: ['ES256'],
          typ: 'at+jwt',
          issuer,
          audience,
          currentDate: now,
          requiredClaims: ['sub', 'iat', 'exp'],
        });
        return Number(payload.iat) > now.getTime() / 1000 + skewSeconds ? undefined : payload;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },

    async published(now) {
      return acceptedAt(await vault.signingKeys(), now).map(({ kid, publicKey }) => ({ ...publicKey, kid, alg: 'ES256', use: 'sig' }));
    },
  };
}
