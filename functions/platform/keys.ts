import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

/** The key purposes of the service, all of one master secret. */
export interface Keys {
  /** An access token (ES256). `claims` are public to its bearer: nothing personal. */
  sign(claims: Record<string, unknown>, personId: string, now: Date, lifeSeconds: number): Promise<string>;
  /** The claims of a token that is ours and in time, or nothing. */
  verify(token: string, now: Date): Promise<Record<string, unknown> | undefined>;
  /** Encrypts a personal field; it opens only under the same context (table, record and field). */
  seal(text: string, context: string): string;
  open(sealed: string, context: string): string;
  /** A keyed hash, to find a record by a personal value without keeping the value. */
  fingerprint(purpose: 'phone' | 'code' | 'token' | 'address', text: string): string;
}

const issuer = 'gongzhi';
const audience = 'gongzhi-api';
const curveOrder = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/**
 * Derives every key from one secret by HKDF, so that there is one secret to keep and to back up. It cannot be exchanged yet.
 * @param master at least 32 characters of randomness
 */
export function keysFrom(master: string): Keys {
  if (master.length < 32) throw new Error('The master secret needs at least 32 characters');
  const derive = (purpose: string, bytes: number) => Buffer.from(hkdfSync('sha256', master, 'gongzhi', purpose, bytes));
  const { privateKey, publicKey, kid } = signingKey(derive('access tokens', 48));
  const sealing = derive('personal fields', 32);
  const hashing = derive('fingerprints', 32);

  return {
    sign: (claims, personId, now, lifeSeconds) => {
      const at = Math.floor(now.getTime() / 1000);
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .setSubject(personId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(at)
        .setExpirationTime(at + lifeSeconds)
        .sign(privateKey);
    },

    async verify(token, now) {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['ES256'],
          typ: 'at+jwt',
          issuer,
          audience,
          currentDate: now,
          requiredClaims: ['sub', 'iat', 'exp'],
        });
        return payload;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },

    seal(text, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },

    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },

    fingerprint: (purpose, text) => createHmac('sha256', hashing).update(`${purpose}\0${text}`).digest('base64url'),
  };
}

/** A P-256 key from 48 bytes: reduced by the curve's order with 128 bits to spare, so without bias (FIPS 186-5, A.2.1). */
function signingKey(bytes: Buffer) {
  const scalar = (BigInt(`0x${bytes.toString('hex')}`) % (curveOrder - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  return {
    privateKey: createPrivateKey({ key: { ...key, d: d.toString('base64url') }, format: 'jwk' }),
    publicKey: createPublicKey({ key, format: 'jwk' }),
    kid: createHash('sha256').update(point).digest('base64url').slice(0, 16),
  };
}
