import { createHash } from 'node:crypto';

/** What signs one page for the JS-SDK. `url` is the page's own address, as it stands in `location.href`. */
export interface SignedPage {
  readonly ticket: string;
  readonly nonce: string;
  /** In seconds. */
  readonly timestamp: number;
  readonly url: string;
}

/** The signature `wx.config` asks for: over the raw values, unencoded, in the order of their keys; a fragment is not signed. */
export function jsSdkSignature({ ticket, nonce, timestamp, url }: SignedPage): string {
  const [page] = url.split('#', 1);
  const text = `jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${page}`;
  // SHA-1 is WeChat's choice; the ticket in it is the secret.
  return createHash('sha1').update(text).digest('hex');
}
