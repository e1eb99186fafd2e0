import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { RecordName, Vault } from './vault.js';

/**
 * The personal fields of one record as they are kept: each under the record's own data key, which the master key wraps.
 * `record` is for whoever wraps the key anew; what opens fields goes by the name of the record that it reads.
 */
export const Sealed = z.object({ record: z.string(), by: z.string(), key: z.string(), fields: z.record(z.string(), z.string()) });
export type Sealed = z.output<typeof Sealed>;

type Purpose = 'phone' | 'identity' | 'openid' | 'code' | 'token' | 'address' | 'certificate';

/** Personal fields, sealed and opened, and hashes to find them by. */
export interface Keys {
  /** Seals fields under a new data key. They open only as fields of this table and record. Absent ones are left out. */
  seal(of: RecordName, fields: Readonly<Record<string, string | undefined>>): Promise<Sealed>;
  open(of: RecordName, sealed: Sealed): Promise<Record<string, string>>;
  /** The record's data key wrapped anew; nothing where it is wrapped by the newest master key already. */
  rewrap(table: string, sealed: Sealed): Promise<Sealed | undefined>;
  /** A keyed hash: to find a record by a personal value without keeping the value, or to know what was made here. */
  fingerprint(purpose: Purpose, text: string): string;
}

export function keysOf(vault: Vault): Keys {
  const bound = ({ table, record }: RecordName, field: string) => Buffer.from(`${table}\0${record}\0${field}`);
  return {
    async seal(of, fields) {
      const { plain, by, key } = await vault.newDataKey(of);
      const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return {
        record: of.record,
        by,
        key,
        fields: Object.fromEntries(given.map(([name, text]) => [name, sealed(plain, text, bound(of, name))])),
      };
    },

    async open(of, { fields, by, key }) {
      const plain = await vault.unwrap({ by, key }, of);
      return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, opened(plain, text, bound(of, name))]));
    },

    async rewrap(table, { record, fields, by, key }) {
      const next = await vault.rewrap({ by, key }, { table, record });
      return next && { record, ...next, fields };
    },

    fingerprint: (purpose, text) => createHmac('sha256', vault.lookUpSecret).update(`${purpose}\0${text}`).digest('base64url'),
  };
}

/** AES-256-GCM: nonce of 12 bytes, tag of 16, text. */
export function sealed(key: Buffer, text: string | Buffer, bound: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
  const body = Buffer.concat([typeof text === 'string' ? cipher.update(text, 'utf8') : cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

export const opened = (key: Buffer, text: string, bound: Buffer): string => openedBytes(key, text, bound).toString('utf8');

export function openedBytes(key: Buffer, text: string, bound: Buffer): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(bound)
    .setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
}
