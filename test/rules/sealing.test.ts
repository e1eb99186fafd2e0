import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { keysOf } from '../../functions/platform/keys.js';
import { exclusively, replaceFile } from '../../infra/local/exclusive.js';
import { fileVault, keyFileName, rotate } from '../../infra/local/key-file.js';

const dirs: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'gongzhi-keys-'));
  dirs.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});
const of = { table: 'accounts', record: '1' };

describe('sealed fields', () => {
  const keys = keysOf(fileVault(folder()));
  test('open as they were, and look different each time, under a data key of each sealing’s own', async () => {
    const [one, two] = await Promise.all([
      keys.seal(of, { name: '欧阳小鹿', phone: '+8613800138000' }),
      keys.seal(of, { name: '欧阳小鹿' }),
    ]);
    expect(await keys.open(of, one)).toEqual({ name: '欧阳小鹿', phone: '+8613800138000' });
    expect(one.fields.name).not.toBe(two.fields.name);
    expect(one.key).not.toBe(two.key);
    expect(JSON.stringify(one)).not.toContain('欧阳');
  });
  test('that are absent are left out, and an empty text is a text', async () => {
    expect(await keys.open(of, await keys.seal(of, { name: undefined, home: '' }))).toEqual({ home: '' });
  });
  test('open under no other record, table or field', async () => {
    const sealed = await keys.seal(of, { name: '欧阳小鹿', home: '翠湖' });
    await expect(keys.open({ ...of, record: '2' }, sealed)).rejects.toThrow();
    await expect(keys.open({ ...of, table: 'messages' }, sealed)).rejects.toThrow();
    const { name = '', home = '' } = sealed.fields;
    await expect(keys.open(of, { ...sealed, fields: { name: home, home: name } })).rejects.toThrow();
  });
  test('do not open once a bit of them has changed, or a tag was cut short', async () => {
    const sealed = await keys.seal(of, { name: '欧阳小鹿' });
    const bytes = Buffer.from(sealed.fields.name ?? '', 'base64url');
    for (const i of [0, 12, 20, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] as number) ^ 1;
      await expect(keys.open(of, { ...sealed, fields: { name: changed.toString('base64url') } })).rejects.toThrow();
    }
    await expect(keys.open(of, { ...sealed, fields: { name: bytes.subarray(0, 20).toString('base64url') } })).rejects.toThrow();
    await expect(
      keys.open(of, {
        ...sealed,
        key: sealed.key.replace(/^./, 'A') === sealed.key ? `B${sealed.key.slice(1)}` : `A${sealed.key.slice(1)}`,
      }),
    ).rejects.toThrow();
  });
  test('of another installation stay closed', async () => {
    const sealed = await keys.seal(of, { name: '欧阳小鹿' });
    await expect(keysOf(fileVault(folder())).open(of, sealed)).rejects.toThrow();
  });
});

test('fingerprints differ by purpose and by installation, and are the same each time', () => {
  const dir = folder();
  const keys = keysOf(fileVault(dir));
  const prints = [keys.fingerprint('phone', '1'), keys.fingerprint('identity', '1'), keysOf(fileVault(folder())).fingerprint('phone', '1')];
  expect(new Set(prints).size).toBe(3);
  expect(keysOf(fileVault(dir)).fingerprint('phone', '1')).toBe(prints[0]);
});

describe('the key file', () => {
  test('is made once, for its owner alone, and is put right where others may read it', () => {
    const dir = folder();
    const file = join(dir, keyFileName);
    fileVault(dir);
    const made = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, made, { mode: 0o644 });
    fileVault(dir);
    expect(readFileSync(file, 'utf8')).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
  test('that is damaged stops the service instead of making another', () => {
    const dir = folder();
    writeFileSync(join(dir, keyFileName), '{"lookUp":');
    expect(() => fileVault(dir)).toThrow(/damaged/);
    expect(readFileSync(join(dir, keyFileName), 'utf8')).toBe('{"lookUp":');
  });
  test('takes a new master key beside a running service: the new one wraps, and each still opens', async () => {
    const dir = folder();
    const keys = keysOf(fileVault(dir));
    const old = await keys.seal(of, { name: '旧' });
    rotate(dir, 'master', new Date());
    const young = await keys.seal(of, { name: '新' });
    expect(young.by).not.toBe(old.by);
    expect([await keys.open(of, old), await keys.open(of, young)]).toEqual([{ name: '旧' }, { name: '新' }]);
    const again = await keys.rewrap('accounts', old);
    expect(again).toMatchObject({ by: young.by, record: '1', fields: old.fields });
    expect(await keys.open(of, again ?? old)).toEqual({ name: '旧' });
    expect(await keys.rewrap('accounts', young)).toBeUndefined();
    await expect(keys.rewrap('messages', old)).rejects.toThrow();
  });
  test('keeps every key that is added at once, each by a process of its own', async () => {
    const dir = folder();
    fileVault(dir);
    const command = fileURLToPath(new URL('../../infra/local/keys.ts', import.meta.url));
    const rotations = ['master', 'signing', 'master', 'master', 'signing', 'master', 'master', 'master'].map((what) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', command, 'rotate', what], { env: { ...process.env, DATA_DIR: dir } }),
    );
    for (const { stdout } of await Promise.all(rotations)) expect(stdout).toMatch(/^(A new signing key|New records)/);
    const { masters, signing } = JSON.parse(readFileSync(join(dir, keyFileName), 'utf8'));
    expect([masters.length, signing.length]).toEqual([7, 3]);
    expect(readdirSync(dir)).toEqual([keyFileName]);
  }, 60_000);

  test.each([
    ['a process that has died', `${spawnSync(process.execPath, ['-e', '']).pid}.aa`, 0],
    ['nobody knows whom, long ago', '', 60],
  ])('is not kept from changing by a lock of %s', (_, holder, age) => {
    const dir = folder();
    fileVault(dir);
    const lock = join(dir, `${keyFileName}.lock`);
    writeFileSync(lock, holder);
    utimesSync(lock, Date.now() / 1000 - age, Date.now() / 1000 - age);
    rotate(dir, 'master', new Date());
    expect(JSON.parse(readFileSync(join(dir, keyFileName), 'utf8')).masters).toHaveLength(2);
    expect(readdirSync(dir)).toEqual([keyFileName]);
  });

  test('stays as it was where a rotation has lost its lock to another process', () => {
    const dir = folder();
    fileVault(dir);
    const file = join(dir, keyFileName);
    const before = readFileSync(file, 'utf8');
    const slow = () =>
      exclusively(file, (mine) => {
        writeFileSync(`${file}.lock`, `${process.pid}.other`);
        replaceFile(file, '{}', 0o600, mine);
      });
    expect(slow).toThrow(/another process went on/);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(dir).sort()).toEqual([keyFileName, `${keyFileName}.lock`]);
  });
});
