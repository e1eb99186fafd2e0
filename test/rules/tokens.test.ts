import { createHmac, createPublicKey, createSign, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { thumbprint } from '../../functions/platform/ecdsa.js';
import { acceptedAt, signerAt, tokensOf } from '../../functions/platform/tokens.js';
import type { SigningKey, Vault } from '../../functions/platform/vault.js';

const now = new Date('2026-11-24T04:00:00Z');
const at = now.getTime() / 1000;
const person = '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10';
const encoded = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

interface Pair {
  readonly key: SigningKey;
  readonly secret: KeyObject;
}
function pair(signsFrom = '1970-01-01T00:00:00.000Z', namedCurve = 'P-256'): Pair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
  const publicKey = { kty: 'EC', crv: 'P-256', x, y } as const;
  const sign = async (data: Uint8Array) => signBytes('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { key: { kid: thumbprint(publicKey), publicKey, signsFrom, sign }, secret: privateKey };
}
const vaultOf = (keys: () => readonly SigningKey[]): Vault => ({
  lookUpSecret: Buffer.alloc(32),
  signingKeys: async () => keys(),
  newDataKey: () => Promise.reject(new Error('not here')),
  unwrap: () => Promise.reject(new Error('not here')),
  rewrap: () => Promise.reject(new Error('not here')),
});

let mine: Pair;
let tokens: ReturnType<typeof tokensOf>;
const good = { sub: person, iss: 'gongzhi', aud: 'gongzhi-api', iat: at, exp: at + 900, role: 'officer', sid: person };
const head = () => ({ alg: 'ES256', typ: 'at+jwt', kid: mine.key.kid });
/** A token as anybody could write it, signed by a key of one's own choice. */
function forged(header: object, claims: object, secret: KeyObject = mine.secret): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${signBytes('sha256', Buffer.from(text), { key: secret, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
beforeEach(() => {
  mine = pair();
  tokens = tokensOf(vaultOf(() => [mine.key]));
});

describe('an access token', () => {
  test('says who and what until it runs out, fifteen minutes later', async () => {
    const token = await tokens.sign({ role: 'officer' }, person, now);
    expect(await tokens.verify(token, now)).toMatchObject({ sub: person, role: 'officer' });
    expect(await tokens.verify(token, new Date(now.getTime() + 899_000))).toBeDefined();
    expect(await tokens.verify(token, new Date(now.getTime() + 900_000))).toBeUndefined();
  });
  test('is one that any library can check by the published keys', async () => {
    const token = await tokens.sign({}, person, now);
    const [jwk] = await tokens.published(now);
    const { protectedHeader } = await jwtVerify(token, await importJWK({ ...jwk }), { currentDate: now });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: jwk?.kid });
    expect(jwk).not.toHaveProperty('d');
  });
  test('made by hand in the same way is taken: what is refused below is refused for its fault', async () => {
    expect(await tokens.verify(forged(head(), good), now)).toMatchObject({ sub: person });
  });
});

/** RFC 8725 (best practices), RFC 7515 appendix A and the JOSE cookbook's shapes, each with one thing wrong. */
describe('what is refused', () => {
  const hmac = (secret: string | Buffer) => {
    const text = `${encoded({ ...head(), alg: 'HS256' })}.${encoded(good)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const cases: Record<string, () => string> = {
    'no algorithm (RFC 7515 A.5)': () => `${encoded({ ...head(), alg: 'none' })}.${encoded(good)}.`,
    'no algorithm, spelt otherwise (RFC 8725, 2.1)': () => `${encoded({ ...head(), alg: 'nOnE' })}.${encoded(good)}.`,
    'an empty signature under the right algorithm': () => `${encoded(head())}.${encoded(good)}.`,
    'HS256 with the public key as its secret (RFC 8725, 2.1)': () => hmac(JSON.stringify(mine.key.publicKey)),
    'HS256 with the public key’s PEM as its secret': () =>
      hmac(createPublicKey(mine.secret).export({ type: 'spki', format: 'pem' }).toString()),
    'HS256 with the public point as its secret': () => hmac(Buffer.from(mine.key.publicKey.x, 'base64url')),
    'ES384 under our kid': () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
      const text = `${encoded({ ...head(), alg: 'ES384' })}.${encoded(good)}`;
      return `${text}.${createSign('sha384').update(text).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
    'RS256 under our kid': () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const text = `${encoded({ ...head(), alg: 'RS256' })}.${encoded(good)}`;
      return `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`;
    },
    'another key under our kid': () => forged(head(), good, pair().secret),
    'a key the token brings along (RFC 8725, 3.10; cookbook 4.x jwk)': () => {
      const { key, secret } = pair();
      return forged({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, jwk: key.publicKey }, good, secret);
    },
    'a key at an address the token names': () => forged({ ...head(), kid: 'x', jku: 'https://evil.invalid/jwks.json' }, good),
    'an unknown kid': () => forged({ ...head(), kid: 'unknown' }, good),
    'a kid that is a path': () => forged({ ...head(), kid: '../../dev/null' }, good),
    'no kid': () => forged({ alg: 'ES256', typ: 'at+jwt' }, good),
    'an extension we do not know (crit)': () => forged({ ...head(), crit: ['exp2'], exp2: 1 }, good),
    'another type of token (RFC 8725, 3.11)': () => forged({ ...head(), typ: 'JWT' }, good),
    'no type': () => forged({ alg: 'ES256', kid: mine.key.kid }, good),
    'another issuer': () => forged(head(), { ...good, iss: 'somebody' }),
    'no issuer': () => forged(head(), { ...good, iss: undefined }),
    'another audience': () => forged(head(), { ...good, aud: 'another-api' }),
    'no audience': () => forged(head(), { ...good, aud: undefined }),
    'one that has run out': () => forged(head(), { ...good, iat: at - 1000, exp: at - 100 }),
    'one without an end': () => forged(head(), { ...good, exp: undefined }),
    'an end that is no number': () => forged(head(), { ...good, exp: 'tomorrow' }),
    'one issued in the future': () => forged(head(), { ...good, iat: at + 60, exp: at + 960 }),
    'one not to be used yet': () => forged(head(), { ...good, nbf: at + 60 }),
    'one without a beginning': () => forged(head(), { ...good, iat: undefined }),
    'one about nobody': () => forged(head(), { ...good, sub: undefined }),
    'a changed claim': () => {
      const [first, , last] = forged(head(), good).split('.');
      return `${first}.${encoded({ ...good, role: 'bureau' })}.${last}`;
    },
    'a signature as DER, not as JOSE writes it': () => {
      const text = `${encoded(head())}.${encoded(good)}`;
      return `${text}.${signBytes('sha256', Buffer.from(text), mine.secret).toString('base64url')}`;
    },
    'a signature of zeros (CVE-2022-21449)': () => `${encoded(head())}.${encoded(good)}.${Buffer.alloc(64).toString('base64url')}`,
    'claims that are no JSON': () => {
      const text = `${encoded(head())}.${encoded('not json')}`;
      return `${text}.${signBytes('sha256', Buffer.from(text), { key: mine.secret, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
    'a JSON serialisation': () => JSON.stringify({ payload: encoded(good), signatures: [] }),
    'an encrypted token': () => `${encoded({ alg: 'dir', enc: 'A256GCM' })}....`,
    nothing: () => '',
    dots: () => '..',
    'a long nonsense': () => 'a'.repeat(100_000),
  };
  test.each(Object.keys(cases))('%s', async (name) => {
    expect(await tokens.verify((cases[name] as () => string)(), now)).toBeUndefined();
  });
});

describe('a rotation of signing keys', () => {
  const from = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  test('publishes the next key before it signs, and signs nobody out', async () => {
    const [old, next] = [pair(), pair(from(10).toISOString())];
    let keys = [old.key];
    const rotating = tokensOf(vaultOf(() => keys));
    const before = await rotating.sign({}, person, now);
    keys = [old.key, next.key];
    expect((await rotating.published(now)).map(({ kid }) => kid)).toEqual([old.key.kid, next.key.kid]);
    const late = await rotating.sign({}, person, from(9.9));
    expect(JSON.parse(Buffer.from(late.split('.')[0] as string, 'base64url').toString()).kid).toBe(old.key.kid);
    const after = await rotating.sign({}, person, from(10));
    expect(JSON.parse(Buffer.from(after.split('.')[0] as string, 'base64url').toString()).kid).toBe(next.key.kid);
    for (const [token, minutes] of [
      [before, 14],
      [late, 20],
      [after, 12],
    ] as const) {
      expect(await rotating.verify(token, from(minutes))).toBeDefined();
    }
  });
  test('lets the old key go once its last token has run out', async () => {
    const [old, next] = [pair(), pair(from(10).toISOString())];
    const all = [old.key, next.key];
    const kids = (minutes: number) => acceptedAt(all, from(minutes)).map(({ kid }) => kid);
    expect(kids(24.9)).toEqual([old.key.kid, next.key.kid]);
    expect(kids(25.2)).toEqual([next.key.kid]);
    expect(signerAt(all, from(9))).toBe(old.key);
    expect(signerAt([next.key], now)).toBeUndefined();
    const rotating = tokensOf(vaultOf(() => all));
    // Even a token that says it lives longer, from a key that should be gone.
    const stolen = forged({ alg: 'ES256', typ: 'at+jwt', kid: old.key.kid }, { ...good, iat: at + 1800, exp: at + 9000 }, old.secret);
    expect(await rotating.verify(stolen, from(31))).toBeUndefined();
  });
  test('is noticed by a verifier that has not seen the key yet, and made-up kids do not make it ask each time', async () => {
    const next = pair();
    let asked = 0;
    const vault: Vault = {
      ...vaultOf(() => []),
      signingKeys: async (fresh) => {
        if (fresh) asked++;
        return fresh ? [mine.key, next.key] : [mine.key];
      },
    };
    const elsewhere = tokensOf(vault);
    const token = forged({ alg: 'ES256', typ: 'at+jwt', kid: next.key.kid }, good, next.secret);
    expect(await elsewhere.verify(token, now)).toBeDefined();
    for (let i = 0; i < 20; i++) await elsewhere.verify(forged({ ...head(), kid: `made-up-${i}` }, good), now);
    expect(asked).toBe(1);
  });
});
