import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import * as z from 'zod/mini';
import { WeChatRefused } from './wechat.js';

/** WeChat's longest reply here is a token of 512 bytes; whoever sends more than this is not WeChat. */
const mostReplyBytes = 64 * 1024;

/** What every reply may be instead of what was asked for. */
const refusal = z.object({ errcode: z.optional(z.int()) });

const reasons: Readonly<Record<number, WeChatRefused['reason']>> = {
  [-1]: 'busy',
  40163: 'code_used',
  40029: 'code_invalid',
  42003: 'code_invalid',
  40001: 'token_invalid',
  40014: 'token_invalid',
  42001: 'token_invalid',
  43004: 'not_following',
  43019: 'not_following',
  45009: 'limit_reached',
  45011: 'limit_reached',
};

export interface Call {
  readonly address: URL;
  /** Sent as JSON, by POST; without it the call is a GET. */
  readonly body?: unknown;
  /** For the whole call, from look-up to the reply's last byte. */
  readonly timeoutMs: number;
}

/**
 * Calls WeChat once and gives its reply in the shape asked for. Throws `WeChatRefused` and nothing else: addresses, bodies and
 * replies carry secrets and openids, and Node's and zod's own errors quote them.
 */
export async function callWeChat<T extends z.ZodMiniType>(call: Call, shape: T): Promise<z.output<T>> {
  const reply = await textOf(call).then(parsed, unreachable);
  const { errcode = 0 } = refusal.safeParse(reply).data ?? {};
  if (errcode !== 0) throw new WeChatRefused(errcode, reasons[errcode] ?? 'other');
  const { success, data } = shape.safeParse(reply);
  return success ? data : unreachable();
}

/** A gateway that answers in WeChat's place, too much or no JSON, is as good as no connection. */
function unreachable(): never {
  throw new WeChatRefused('unreachable', 'busy');
}

function textOf({ address, body, timeoutMs }: Call): Promise<string> {
  const json = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    // Not the global fetch: its first call costs 130 ms of a cold start.
    const request = address.protocol === 'https:' ? overHttps : overHttp;
    const sent = request(address, {
      method: json ? 'POST' : 'GET',
      headers: { accept: 'application/json', ...(json ? { 'content-type': 'application/json', 'content-length': json.length } : {}) },
      // No connection is kept: after a function was frozen it would be dead, and look like WeChat being away.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    sent.on('error', reject);
    sent.on('response', (response) => boundedText(response).then(resolve, reject));
    sent.end(json);
  });
}

async function boundedText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostReplyBytes) throw new Error('Too large a reply');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** WeChat's `msgid` has up to 19 digits, more than a number holds: quoted, it keeps them all. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/"msgid"\s*:\s*(\d+)/, '"msgid":"$1"'));
  } catch {
    return unreachable();
  }
}
