import { createPublicKey, generateKeyPairSync, randomBytes, sign as signed, verify } from 'node:crypto';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSServiceException,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsPersonal, secretText } from '../../functions/platform/aws.js';
import { awsVault } from '../../functions/platform/aws-vault.js';
import { rawSignature, thumbprint } from '../../functions/platform/ecdsa.js';
import { keysOf } from '../../functions/platform/keys.js';
import { tokensOf } from '../../functions/platform/tokens.js';
import { accessLifeSeconds } from '../../shared/sessions/rules.js';
import { derInteger, fakeKms } from './kms-fake.js';

const kms = fakeKms();
const personalKeyArn = kms.master('arn:personal:new');
const formerKeyArn = kms.master('arn:personal:old');
const began = '2026-01-01T00:00:00.000Z';
const [a, b] = [kms.signer('arn:signing:a'), kms.signer('arn:signing:b')];
const lookUpSecret = Buffer.from('l'.repeat(48));
const vaultOf = (settings: Partial<Parameters<typeof awsVault>[1]> = {}) =>
  awsVault(kms.client, { signingKeys: [{ arn: a, signsFrom: began }], personalKeyArn, lookUpSecret, ...settings });

const now = new Date('2026-11-24T04:00:00.000Z');
const secondsOn = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const li = { table: 'accounts', record: 'li' };
const wang = { table: 'accounts', record: 'wang' };
const asked = (command: typeof DecryptCommand | typeof GetPublicKeyCommand) =>
  kms.mock.commandCalls(command as typeof DecryptCommand).length;

beforeEach(() => kms.working());
afterEach(() => {
  kms.enable(a);
  vi.useRealTimers();
});

describe('personal fields', () => {
  test('come back as they were sealed, in the function that sealed them and in another one', async () => {
    const keys = keysOf(vaultOf());
    const kept = await keys.seal(li, { name: '李 雷', phone: '+8613800138000', openid: undefined });
    expect(JSON.stringify(kept)).not.toMatch(/李|13800138000/);
    expect(kept.by).toBe(personalKeyArn);
    expect(await keys.open(li, kept)).toEqual({ name: '李 雷', phone: '+8613800138000' });
    expect(await keysOf(vaultOf()).open(li, kept)).toEqual({ name: '李 雷', phone: '+8613800138000' });
  });

  test('of one record do not open as another’s, nor as another table’s, though the key is remembered', async () => {
    const keys = keysOf(vaultOf());
    const kept = await keys.seal(li, { name: '李雷' });
    await keys.open(li, kept);
    for (const other of [wang, { table: 'sessions', record: 'li' }]) {
      for (const one of [keys, keysOf(vaultOf())]) {
        await expect(one.open(other, { ...kept, record: other.record })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
      }
    }
    const { fields } = await keys.seal(wang, { name: '王芳', phone: '+8613900139000' });
    await expect(keys.open(li, { ...kept, fields })).rejects.toThrow();
    const swapped = { name: fields.phone as string, phone: fields.name as string };
    await expect(keys.open(wang, { ...(await keys.seal(wang, {})), fields: swapped })).rejects.toThrow();
  });

  test('that were tampered with do not open', async () => {
    const keys = keysOf(vaultOf());
    const kept = await keys.seal(li, { name: '李雷' });
    const turned = (text: string, at: number) => {
      const bytes = Buffer.from(text, 'base64url');
      bytes[at] = (bytes[at] as number) ^ 1;
      return bytes.toString('base64url');
    };
    for (const at of [0, 12, 28]) {
      await expect(keys.open(li, { ...kept, fields: { name: turned(kept.fields.name as string, at) } })).rejects.toThrow();
      await expect(keys.open(li, { ...kept, key: turned(kept.key, at) })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });

  test('cost one call a record, and another one after five minutes', async () => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
    const kept = await keysOf(vaultOf()).seal(li, { name: '李雷' });
    const keys = keysOf(vaultOf());
    for (let i = 0; i < 50; i++) await keys.open(li, kept);
    expect(asked(DecryptCommand)).toBe(1);
    vi.setSystemTime(secondsOn(301));
    await keys.open(li, kept);
    expect(asked(DecryptCommand)).toBe(2);
  });

  test('stay readable however many others are opened meanwhile', async () => {
    const keys = keysOf(vaultOf());
    const kept = await keys.seal(li, { name: '李雷' });
    for (let i = 0; i < 1000; i++) await keys.seal({ table: 'accounts', record: String(i) }, {});
    expect(await keys.open(li, kept)).toEqual({ name: '李雷' });
    expect(asked(DecryptCommand)).toBe(1);
  });

  test('are wrapped by the newest key without being touched, and open then without the former one', async () => {
    const before = await keysOf(vaultOf({ personalKeyArn: formerKeyArn })).seal(li, { name: '李雷' });
    const keys = keysOf(vaultOf());
    expect(await keys.open(li, before)).toEqual({ name: '李雷' });
    const then = await keys.rewrap('accounts', before);
    expect(then).toMatchObject({ by: personalKeyArn, record: 'li', fields: before.fields });
    expect(then?.key).not.toBe(before.key);
    kms.disable(formerKeyArn);
    expect(await keysOf(vaultOf()).open(li, then as NonNullable<typeof then>)).toEqual({ name: '李雷' });
    await expect(keysOf(vaultOf()).open(li, before)).rejects.toMatchObject({ name: 'DisabledException' });
    kms.enable(formerKeyArn);
    expect(await keys.rewrap('accounts', then as NonNullable<typeof then>)).toBeUndefined();
    await expect(keys.rewrap('accounts', { ...before, record: 'wang' })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });
});

const calls = {
  'reading a public key': [GetPublicKeyCommand, () => vaultOf().signingKeys()],
  'signing a token': [SignCommand, () => tokensOf(vaultOf()).sign({ role: 'resident' }, 'li', now)],
  'making a data key': [GenerateDataKeyCommand, () => keysOf(vaultOf()).seal(li, { name: '李雷' })],
} as const;
const failures = ['ThrottlingException', 'AccessDeniedException', 'KMSInvalidStateException', 'DisabledException', 'TimeoutError'];
const failureOf = (name: string) =>
  name === 'TimeoutError'
    ? Object.assign(new Error('socket'), { name })
    : new KMSServiceException({ name, $fault: 'client', message: name, $metadata: {} });

describe.each(failures)('KMS that answers %s', (name) => {
  test.each(Object.keys(calls) as (keyof typeof calls)[])('fails %s, and not the next time', async (what) => {
    const [command, call] = calls[what];
    kms.mock.on(command as typeof SignCommand).rejectsOnce(failureOf(name));
    await expect(call()).rejects.toMatchObject({ name });
    kms.working();
    expect(await call()).toBeTruthy();
  });

  test('fails opening and wrapping anew in the same function, and not the next time', async () => {
    const kept = await keysOf(vaultOf({ personalKeyArn: formerKeyArn })).seal(li, { name: '李雷' });
    const keys = keysOf(vaultOf());
    kms.mock.on(DecryptCommand).rejects(failureOf(name)).on(ReEncryptCommand).rejects(failureOf(name));
    await expect(keys.open(li, kept)).rejects.toMatchObject({ name });
    await expect(keys.open(li, kept)).rejects.toMatchObject({ name });
    await expect(keys.rewrap('accounts', kept)).rejects.toMatchObject({ name });
    kms.working();
    expect(await keys.open(li, kept)).toEqual({ name: '李雷' });
    expect(await keys.rewrap('accounts', kept)).toMatchObject({ by: personalKeyArn });
  });

  test('turns away nobody as if their token were wrong, and all who ask at once are let in by the next call', async () => {
    const token = await tokensOf(vaultOf()).sign({ role: 'resident' }, 'li', now);
    const tokens = tokensOf(vaultOf());
    kms.mock.on(GetPublicKeyCommand).rejects(failureOf(name));
    const [one, other] = await Promise.allSettled([tokens.verify(token, now), tokens.verify(token, now)]);
    expect([one, other]).toMatchObject([{ reason: { name } }, { reason: { name } }]);
    kms.working();
    expect(await Promise.all([tokens.verify(token, now), tokens.verify(token, now)])).toMatchObject([{ sub: 'li' }, { sub: 'li' }]);
    expect(asked(GetPublicKeyCommand)).toBe(1);
  });
});

test('KMS that answers without the value asked for is not believed', async () => {
  const kept = await keysOf(vaultOf()).seal(li, { name: '李雷' });
  kms.mock.reset();
  for (const command of [GetPublicKeyCommand, SignCommand, GenerateDataKeyCommand, DecryptCommand, ReEncryptCommand]) {
    kms.mock.on(command as typeof SignCommand).resolves({});
  }
  await expect(vaultOf().signingKeys()).rejects.toThrow('without the value');
  await expect(keysOf(vaultOf()).seal(li, {})).rejects.toThrow('without the value');
  await expect(keysOf(vaultOf()).open(li, kept)).rejects.toThrow('without the value');
  await expect(keysOf(vaultOf()).rewrap('accounts', { ...kept, by: formerKeyArn })).rejects.toThrow('without the value');
});

describe('a token', () => {
  test('can be verified by anybody who reads the published keys', async () => {
    const tokens = tokensOf(vaultOf());
    const token = await tokens.sign({ role: 'officer', area: '440311001' }, 'li', now);
    const published = await tokens.published(now);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: published.map((key) => ({ ...key })) }), {
      issuer: 'gongzhi',
      audience: 'gongzhi-api',
      typ: 'at+jwt',
      currentDate: now,
    });
    expect(payload).toMatchObject({ sub: 'li', role: 'officer', area: '440311001' });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: published[0]?.kid });
    expect(thumbprint(published[0] as (typeof published)[number])).toBe(published[0]?.kid);
  });

  test('costs one signature, and no function reads a public key twice', async () => {
    const tokens = tokensOf(vaultOf());
    for (let i = 0; i < 20; i++) expect(await tokens.verify(await tokens.sign({}, String(i), now), now)).toMatchObject({ sub: String(i) });
    expect(kms.mock.commandCalls(SignCommand)).toHaveLength(20);
    expect(asked(GetPublicKeyCommand)).toBe(1);
  });
});

describe('a change of the signing key', () => {
  const changesAt = now.toISOString();
  const former = () => vaultOf();
  const during = () =>
    vaultOf({
      signingKeys: [
        { arn: a, signsFrom: began },
        { arn: b, signsFrom: changesAt },
      ],
    });
  const done = () => vaultOf({ signingKeys: [{ arn: b, signsFrom: changesAt }] });
  const kidOf = async (arn: string) => (await vaultOf({ signingKeys: [{ arn, signsFrom: began }] }).signingKeys())[0]?.kid;
  const kidsAt = async (time: Date) => (await tokensOf(during()).published(time)).map(({ kid }) => kid);
  const signerOf = async (time: Date) =>
    JSON.parse(Buffer.from((await tokensOf(during()).sign({}, 'li', time)).split('.')[0] as string, 'base64url').toString()).kid;

  test('publishes the next key before it signs, and drops the former one when its last token has run out', async () => {
    const [kidA, kidB] = [await kidOf(a), await kidOf(b)];
    expect(await kidsAt(secondsOn(-86_400))).toEqual([kidA, kidB]);
    expect(await signerOf(secondsOn(-1))).toBe(kidA);
    expect(await signerOf(now)).toBe(kidB);
    expect(await kidsAt(secondsOn(accessLifeSeconds))).toEqual([kidA, kidB]);
    expect(await kidsAt(secondsOn(accessLifeSeconds + 60))).toEqual([kidB]);
  });

  test('signs nobody out: a token of the former key is good for its life, and not longer', async () => {
    const token = await tokensOf(former()).sign({}, 'li', secondsOn(-1));
    const tokens = tokensOf(during());
    for (const seconds of [0, 60, accessLifeSeconds - 2])
      expect(await tokens.verify(token, secondsOn(seconds))).toMatchObject({ sub: 'li' });
    expect(await tokens.verify(token, secondsOn(accessLifeSeconds))).toBeUndefined();
  });

  test('takes no new token of the former key once its life is over, whoever signs it', async () => {
    const later = secondsOn(accessLifeSeconds + 60);
    const stolen = await tokensOf(former()).sign({}, 'li', later);
    expect(await tokensOf(during()).verify(stolen, later)).toBeUndefined();
    expect(await tokensOf(done()).verify(stolen, later)).toBeUndefined();
  });

  test('is seen by a function that still has the former list as a token it does not know', async () => {
    const token = await tokensOf(during()).sign({}, 'li', now);
    expect(await tokensOf(former()).verify(token, now)).toBeUndefined();
    expect(await tokensOf(done()).verify(token, now)).toMatchObject({ sub: 'li' });
  });

  test('that leaves no key to sign yet signs nothing', async () => {
    await expect(tokensOf(done()).sign({}, 'li', secondsOn(-1))).rejects.toThrow('No key signs yet');
  });

  test('by a key that KMS has disabled fails where it signs, and lets in who is signed in', async () => {
    const tokens = tokensOf(former());
    const token = await tokens.sign({}, 'li', now);
    kms.disable(a);
    await expect(tokens.sign({}, 'li', now)).rejects.toMatchObject({ name: 'DisabledException' });
    expect(await tokens.verify(token, now)).toMatchObject({ sub: 'li' });
  });
});

describe('a signature of KMS', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pair = (r: bigint, s: bigint) => {
    const [first, second] = [derInteger(r), derInteger(s)];
    return Buffer.concat([Buffer.from([0x30, first.length + second.length]), first, second]);
  };
  const fixed = (value: bigint) => value.toString(16).padStart(64, '0');

  test('becomes the one that JOSE writes, for each of two thousand', () => {
    const lengths = new Set<number>();
    for (let i = 0; i < 2000; i++) {
      const message = randomBytes(40);
      const der = signed('sha256', message, privateKey);
      lengths.add(der.length);
      const raw = rawSignature(der);
      expect(raw).toHaveLength(64);
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    }
    // Numbers with the high bit and without it, and shorter ones, were among them.
    expect(lengths.size).toBeGreaterThan(2);
  });

  test('is read whatever its numbers’ length', () => {
    const high = 1n << 255n;
    for (const r of [1n, 0x7fn, 0x80n, 0xffn, 0x100n, high - 1n, high, (1n << 256n) - 1n, 1n << 247n, (1n << 248n) - 1n]) {
      for (const s of [1n, 0x80n, high, high - 1n]) {
        expect(Buffer.from(rawSignature(pair(r, s))).toString('hex')).toBe(fixed(r) + fixed(s));
      }
    }
  });

  test.each([
    ['nothing', ''],
    ['another type', '31060201010201 01'],
    ['a length that is not its own', '3007020101020101'],
    ['one number', '3003020101'],
    ['three numbers', '3009020101020101020101'],
    ['a number without digits', '3005020002 0101'],
    ['a number that ends behind it', '30060201010205 01'],
    ['a bit string for a number', '3006030101020101'],
    ['a number of 33 bytes', `302602210${'1'.repeat(65)}020101`],
  ])('that is %s is refused', (_, hex) => {
    expect(() => rawSignature(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow('Not an ECDSA signature of P-256');
  });

  test('over a digest verifies as one over the message', async () => {
    const [key] = await vaultOf().signingKeys();
    const raw = await key?.sign(Buffer.from('a message'));
    const jwk = createPublicKey({ key: { ...key?.publicKey }, format: 'jwk' });
    expect(verify('sha256', Buffer.from('a message'), { key: jwk, dsaEncoding: 'ieee-p1363' }, raw as Uint8Array)).toBe(true);
    expect(verify('sha256', Buffer.from('another'), { key: jwk, dsaEncoding: 'ieee-p1363' }, raw as Uint8Array)).toBe(false);
  });
});

describe('the secret store', () => {
  const store = mockClient(SecretsManagerClient);
  const env = { AWS_REGION: 'ap-southeast-1', LOOK_UP_SECRET_ARN: 'arn:look-up' };
  const personal = () => awsPersonal(env);
  beforeEach(() => {
    store.reset();
    process.env.AWS_REGION ??= 'ap-southeast-1';
  });

  test('gives the secret of look-ups, by its address', async () => {
    store.on(GetSecretValueCommand, { SecretId: 'arn:look-up' }).resolves({ SecretString: 's'.repeat(64) });
    const { keys, hashOfAddress } = await personal();
    expect(keys.fingerprint('phone', '+8613800138000')).toBe(
      keysOf(vaultOf({ lookUpSecret: Buffer.from('s'.repeat(64)) })).fingerprint('phone', '+8613800138000'),
    );
    expect(hashOfAddress('127.0.0.1')).toBe(keys.fingerprint('address', '127.0.0.1'));
    expect(keys.fingerprint('phone', '1')).not.toBe(keys.fingerprint('openid', '1'));
  });

  test.each([
    ['is not there', new ResourceNotFoundException({ message: 'gone', $metadata: {} }), 'ResourceNotFoundException'],
    [
      'is not ours to read',
      new SecretsManagerServiceException({ name: 'AccessDeniedException', $fault: 'client', message: 'no', $metadata: {} }),
      'AccessDeniedException',
    ],
    ['does not answer', failureOf('TimeoutError'), 'TimeoutError'],
  ] as const)('that %s stops a function that would hash without it, and not the next start', async (_, error, name) => {
    store
      .on(GetSecretValueCommand)
      .rejectsOnce(error)
      .resolves({ SecretString: 's'.repeat(64) });
    await expect(personal()).rejects.toMatchObject({ name });
    expect(await personal()).toHaveProperty('keys');
  });

  test.each([
    ['empty', '', 'The secret is empty'],
    ['missing', undefined, 'The secret is empty'],
    ['too short', 's'.repeat(31), 'at least 32 characters'],
  ])('that has %s text stops it too', async (_, SecretString, said) => {
    store.on(GetSecretValueCommand).resolves(SecretString === undefined ? {} : { SecretString });
    await expect(personal()).rejects.toThrow(said);
    if (said === 'The secret is empty') await expect(secretText('arn:look-up')).rejects.toThrow(said);
  });
});
