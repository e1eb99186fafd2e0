import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsSdkSignature } from '../../functions/platform/wechat-signature.js';

/** Kept beside the repository, where it is kept at all. */
const published = new URL('../../../shared/data/vectors/wechat/jssdk_signature_vectors.json', import.meta.url);

interface Vector {
  readonly jsapi_ticket: string;
  readonly noncestr: string;
  readonly timestamp: number;
  readonly url: string;
  readonly signature: string;
}

describe('the signature of a page for the JS-SDK', () => {
  const page = { ticket: 'ticket-_1', nonce: 'Wm3WZYTPz0wzccnW', timestamp: 1794500000, url: 'https://gz.example/?城=光明&a=b c' };

  test('is the one sha1sum gives for the values as they are, unencoded', () => {
    expect(jsSdkSignature(page)).toBe('0cc34a2fe3febf281b1fa02bca7a745a2774a37e');
  });

  test.skipIf(!existsSync(published))('is the one WeChat publishes', () => {
    const { vectors } = JSON.parse(readFileSync(published, 'utf8')) as { vectors: readonly Vector[] };
    expect(vectors.length).toBeGreaterThan(0);
    for (const { jsapi_ticket: ticket, noncestr: nonce, timestamp, url, signature } of vectors) {
      expect(jsSdkSignature({ ticket, nonce, timestamp, url })).toBe(signature);
    }
  });

  test('leaves the fragment out, and nothing before it', () => {
    expect(jsSdkSignature({ ...page, url: `${page.url}#/dogs#2` })).toBe(jsSdkSignature(page));
    expect(jsSdkSignature({ ...page, url: `${page.url}&` })).not.toBe(jsSdkSignature(page));
  });
});
