import { createHash, createHmac } from 'node:crypto';

export interface TencentKey {
  readonly secretId: string;
  readonly secretKey: string;
}

/**
 * The Authorization header of a POST to a Tencent Cloud API 3.0 (TC3-HMAC-SHA256).
 * @param headers those that are signed, by lower-case name; `content-type` and `host` must be among them
 * @param timestamp seconds, as `X-TC-Timestamp` has them; Tencent takes it for five minutes
 */
export function tencentAuthorization(
  { secretId, secretKey }: TencentKey,
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timestamp: number,
): string {
  const names = Object.keys(headers).sort();
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]?.trim().toLowerCase()}\n`).join('');
  const canonicalRequest = ['POST', '/', '', canonicalHeaders, names.join(';'), sha256(body)].join('\n');
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const toSign = ['TC3-HMAC-SHA256', String(timestamp), scope, sha256(canonicalRequest)].join('\n');
  const key = [date, service, 'tc3_request'].reduce<string | Buffer>((key, part) => hmac(key, part).digest(), `TC3${secretKey}`);
  const signature = hmac(key, toSign).digest('hex');
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text, 'utf8');
