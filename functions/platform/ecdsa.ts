import { createHash } from 'node:crypto';
import type { SigningKey } from './vault.js';

/** The thumbprint of a P-256 key (RFC 7638, 3.2): its name wherever a token says which key signed it. */
export const thumbprint = ({ crv, kty, x, y }: SigningKey['publicKey']): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');

/** An ECDSA signature as JOSE wants it (RFC 7518, 3.4), of the DER that KMS answers: r and s, 32 bytes each. */
export function rawSignature(der: Uint8Array): Uint8Array {
  const bytes = Buffer.from(der);
  const numberAt = (at: number): [Buffer, number] => {
    const length = bytes[at + 1] ?? -1;
    const end = at + 2 + length;
    // A DER integer is signed: a leading zero may keep it positive, and leading zeros of the number are missing.
    const digits = bytes.subarray(at + 2, end);
    const bare = digits[0] === 0 ? digits.subarray(1) : digits;
    if (bytes[at] !== 2 || length < 1 || end > bytes.length || bare.length > 32) throw new Error('Not an ECDSA signature of P-256');
    return [Buffer.concat([Buffer.alloc(32 - bare.length), bare]), end];
  };
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) throw new Error('Not an ECDSA signature of P-256');
  const [r, next] = numberAt(2);
  const [s, end] = numberAt(next);
  if (end !== bytes.length) throw new Error('Not an ECDSA signature of P-256');
  return Buffer.concat([r, s]);
}
