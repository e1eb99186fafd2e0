import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { thumbprint } from '../../functions/platform/ecdsa.js';
import { openedBytes, sealed } from '../../functions/platform/keys.js';
import type { RecordName, SigningKey, Vault } from '../../functions/platform/vault.js';
import { exclusively, replaceFile } from './exclusive.js';

/** The keys of a data folder. The newest master key wraps; the others unwrap what they have wrapped. */
const KeyFile = z.object({
  lookUp: z.string(),
  masters: z.array(z.object({ id: z.string(), key: z.string() })).check(z.minLength(1)),
  signing: z
    .array(
      z.object({
        signsFrom: z.iso.datetime(),
        privateKey: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.string() }),
      }),
    )
    .check(z.minLength(1)),
});
type KeyFile = z.output<typeof KeyFile>;

export const keyFileName = 'keys.json';
const newMaster = () => ({ id: randomBytes(6).toString('hex'), key: randomBytes(32).toString('base64url') });
const newSigner = (signsFrom: Date) => ({
  signsFrom: signsFrom.toISOString(),
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  }) as KeyFile['signing'][number]['privateKey'],
});

/** A vault in a file, made once and readable by its owner alone: what is sealed in the database opens with it and no other. */
export function fileVault(dataDir: string): Vault {
  const file = join(dataDir, keyFileName);
  createOnce(file);
  let read = { file: '', keys: readKeyFile(file) };
  const keys = (fresh = false): KeyFile => {
    // A command may have rotated the keys beside the running service: it puts another file in this one's place.
    const { ino, mtimeMs } = statSync(file);
    const current = `${ino} ${mtimeMs}`;
    if (fresh || read.file !== current) read = { file: current, keys: readKeyFile(file) };
    return read.keys;
  };
  const newest = () => keys().masters.at(-1) as KeyFile['masters'][number];
  const bound = ({ table, record }: RecordName) => Buffer.from(`data key\0${table}\0${record}`);
  const wrap = (plain: Buffer, of: RecordName) => {
    const { id, key } = newest();
    return { by: id, key: sealed(Buffer.from(key, 'base64url'), plain, bound(of)) };
  };
  const unwrap: Vault['unwrap'] = async ({ by, key }, of) => {
    const master = keys().masters.find(({ id }) => id === by);
    if (!master) throw new Error(`${keyFileName} has no master key ${by}`);
    return openedBytes(Buffer.from(master.key, 'base64url'), key, bound(of));
  };
  return {
    lookUpSecret: Buffer.from(read.keys.lookUp, 'base64url'),
    signingKeys: async (fresh) => keys(fresh).signing.map(signingKeyOf),
    async newDataKey(of) {
      const plain = randomBytes(32);
      return { ...wrap(plain, of), plain };
    },
    unwrap,
    rewrap: async (wrapped, of) => (wrapped.by === newest().id ? undefined : wrap(await unwrap(wrapped, of), of)),
  };
}

function createOnce(file: string): void {
  const made: KeyFile = { lookUp: randomBytes(32).toString('base64url'), masters: [newMaster()], signing: [newSigner(new Date(0))] };
  try {
    writeFileSync(file, JSON.stringify(made), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // A file that was copied about may have become readable to others.
    chmodSync(file, 0o600);
  }
}

function readKeyFile(file: string): KeyFile {
  try {
    return KeyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${keyFileName} is damaged: without it nobody's name or phone can be read. Put back a copy of it.`, { cause });
  }
}

/** Adds a key and keeps those before it. A signing key is published at once and signs a little later, when all have seen it. */
export function rotate(dataDir: string, what: 'master' | 'signing', signsFrom: Date): void {
  const file = join(dataDir, keyFileName);
  exclusively(file, (mine) => {
    const keys = readKeyFile(file);
    const next: KeyFile =
      what === 'master'
        ? { ...keys, masters: [...keys.masters, newMaster()] }
        : { ...keys, signing: [...keys.signing, newSigner(signsFrom)] };
    replaceFile(file, JSON.stringify(next), 0o600, mine);
    if (JSON.stringify(readKeyFile(file)) !== JSON.stringify(KeyFile.parse(next)))
      throw new Error(`${keyFileName} does not hold the new key`);
  });
}

function signingKeyOf({ signsFrom, privateKey }: KeyFile['signing'][number]): SigningKey {
  const { d, ...publicKey } = privateKey;
  const key = createPrivateKey({ key: { ...publicKey, d }, format: 'jwk' });
  return {
    kid: thumbprint(publicKey),
    publicKey,
    signsFrom,
    sign: async (data) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  };
}
