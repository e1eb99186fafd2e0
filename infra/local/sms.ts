import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod/mini';
import type { TencentText } from '../../functions/messages/tencent-sms.js';
import type { Language } from '../../shared/http/problem.js';
import { fill, type Wording, wordings } from '../../shared/messages/wordings.js';

/** An SMS that Tencent would have sent. */
export interface LocalSms {
  readonly to: string;
  readonly signName: string;
  readonly templateId: string;
  readonly variables: readonly string[];
  /** The caller's own id, the SessionContext. */
  readonly messageId: string;
}
export interface SmsStandInOptions {
  readonly secretId: string;
  readonly secretKey: string;
  readonly port?: number;
  readonly now?: () => Date;
  readonly onSms: (sms: LocalSms) => void;
  /** The status code that a phone is answered with, where it is not `Ok`: `LimitExceeded.PhoneNumberDailyLimit`. */
  readonly statusOf?: (sms: LocalSms) => string | undefined;
}
export interface SmsStandIn {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const SendSms = z.object({
  SmsSdkAppId: z.string(),
  SignName: z.string(),
  TemplateId: z.string(),
  TemplateParamSet: z.array(z.string()),
  PhoneNumberSet: z.array(z.string().check(z.regex(/^\+\d{8,15}$/))).check(z.minLength(1), z.maxLength(200)),
  SessionContext: z.optional(z.string()),
});

/** The texts as registered at the stand-in: each has its own name for a number. */
export const standInTemplateIds = Object.fromEntries(
  Object.keys(wordings)
    .flatMap((wording) => [`${wording}/zh-CN`, `${wording}/en`])
    .flatMap((text) => [text, `${text}/abroad`])
    .map((text) => [text, text]),
) as Record<TencentText, string>;

/** What the phone shows. */
export function textOfSms({ signName, templateId, variables }: LocalSms): string {
  const [wording, language] = templateId.split('/') as [Wording, Language];
  return `【${signName}】${fill(wordings[wording][language], variables)}`;
}

/**
 * Tencent Cloud's SendSms on this machine. It checks the signature as the other side does, from the bytes that came and
 * by a computation of its own, so that a mistake in ours is not made twice. What was handed on under an id is not again.
 */
export async function startSmsStandIn(options: SmsStandInOptions): Promise<SmsStandIn> {
  const { port = 0, now = () => new Date(), onSms, statusOf = () => undefined } = options;
  const handedOn = new Map<string, string>();
  const answer = (body: Buffer, request: IncomingMessage) => {
    const fault = faultOf(request, body, options, now());
    if (fault) return { Error: { Code: fault, Message: 'Refused by the stand-in' } };
    const sent = SendSms.safeParse(jsonIn(body));
    if (!sent.success) return { Error: { Code: 'InvalidParameter', Message: 'Not a SendSms request' } };
    const { SignName, TemplateId, TemplateParamSet, PhoneNumberSet, SessionContext = '' } = sent.data;
    const SendStatusSet = PhoneNumberSet.map((to) => {
      const sms = { to, signName: SignName, templateId: TemplateId, variables: TemplateParamSet, messageId: SessionContext };
      const Code = statusOf(sms) ?? 'Ok';
      const known = handedOn.get(`${SessionContext} ${to}`);
      const SerialNo = Code === 'Ok' ? (known ?? randomUUID()) : '';
      if (Code === 'Ok' && !known) onSms(sms);
      if (Code === 'Ok' && SessionContext) handedOn.set(`${SessionContext} ${to}`, SerialNo);
      return { SerialNo, PhoneNumber: to, Fee: Code === 'Ok' ? 1 : 0, SessionContext, Code, Message: Code, IsoCode: 'CN' };
    });
    return { SendStatusSet };
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const Response = { ...answer(Buffer.concat(chunks), request), RequestId: randomUUID() };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ Response }));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

const authorization =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/(\w+)\/tc3_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;

/** Why Tencent would not take the request, by its own codes; nothing where it would. */
function faultOf(request: IncomingMessage, body: Buffer, { secretId, secretKey }: SmsStandInOptions, now: Date): string | undefined {
  const { headers, method, url } = request;
  const [, id, date, service, signedNames = '', signature = ''] = authorization.exec(headers.authorization ?? '') ?? [];
  if (!id || !date || service !== 'sms') return 'AuthFailure.InvalidAuthorization';
  if (id !== secretId) return 'AuthFailure.SecretIdNotFound';
  const timestamp = String(headers['x-tc-timestamp'] ?? '');
  const seconds = /^\d+$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(seconds - now.getTime() / 1000) <= 300)) return 'AuthFailure.SignatureExpire';
  if (new Date(seconds * 1000).toISOString().slice(0, 10) !== date) return 'AuthFailure.SignatureFailure';
  const names = signedNames.split(';');
  if (!names.includes('content-type') || !names.includes('host')) return 'AuthFailure.InvalidAuthorization';

  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
  let canonical = `${method}\n${url?.split('?')[0]}\n${url?.split('?')[1] ?? ''}\n`;
  for (const name of names) canonical += `${name}:${String(headers[name] ?? '').toLowerCase()}\n`;
  canonical += `\n${signedNames}\n${hash(body)}`;
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/sms/tc3_request\n${hash(canonical)}`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), 'sms'), 'tc3_request');
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) return 'AuthFailure.SignatureFailure';

  if (headers['x-tc-action'] !== 'SendSms') return 'InvalidAction';
  if (headers['x-tc-version'] !== '2021-01-11') return 'NoSuchVersion';
  return headers['x-tc-region'] ? undefined : 'MissingParameter';
}
