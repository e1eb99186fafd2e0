import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { keysFrom } from '../../functions/platform/keys.js';

const keys = keysFrom('a'.repeat(48));
const now = new Date('2026-11-24T04:00:00Z');
const person = '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10';
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  const token = () => keys.sign({ role: 'officer', area: '440311001' }, person, now, 900);
  test('says who and what until it runs out', async () => {
    expect(await keys.verify(await token(), now)).toMatchObject({ sub: person, role: 'officer', area: '440311001' });
    expect(await keys.verify(await token(), new Date(now.getTime() + 899_000))).toBeDefined();
    expect(await keys.verify(await token(), new Date(now.getTime() + 900_000))).toBeUndefined();
  });
  test('is refused from another key, with a changed claim, unsigned, or signed with a shared secret', async () => {
    const [head, body, signature] = (await token()).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const grown = encoded({ ...claims, role: 'bureau' });
    const unsigned = `${encoded({ alg: 'none', typ: 'at+jwt' })}.${body}.`;
    const hs = `${encoded({ alg: 'HS256', typ: 'at+jwt' })}.${body}`;
    const shared = `${hs}.${createHmac('sha256', 'a'.repeat(48)).update(hs).digest('base64url')}`;
    expect(await keysFrom('b'.repeat(48)).verify(await token(), now)).toBeUndefined();
    for (const forged of [`${head}.${grown}.${signature}`, unsigned, shared, '', 'x', 'a.b.c'])
      expect(await keys.verify(forged, now)).toBeUndefined();
  });
  test('is refused as another kind of token', async () => {
    const other = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(person)
      .sign(new TextEncoder().encode('a'.repeat(48)));
    expect(await keys.verify(other, now)).toBeUndefined();
  });
});

describe('a sealed field', () => {
  test('opens under its own context alone, and looks different each time', () => {
    const [one, two] = [keys.seal('欧阳小鹿', 'accounts#1#name'), keys.seal('欧阳小鹿', 'accounts#1#name')];
    expect(one).not.toBe(two);
    expect(keys.open(one, 'accounts#1#name')).toBe('欧阳小鹿');
    expect(() => keys.open(one, 'accounts#2#name')).toThrow();
    expect(() => keysFrom('b'.repeat(48)).open(one, 'accounts#1#name')).toThrow();
    expect(() => keys.open(`${one.slice(0, -2)}AA`, 'accounts#1#name')).toThrow();
  });
});

test('fingerprints differ by purpose and by key', () => {
  const prints = [keys.fingerprint('phone', '1'), keys.fingerprint('code', '1'), keysFrom('b'.repeat(48)).fingerprint('phone', '1')];
  expect(new Set(prints).size).toBe(3);
  expect(keys.fingerprint('phone', '1')).toBe(prints[0]);
});

test('a short secret is refused', () => expect(() => keysFrom('short')).toThrow(/32/));
