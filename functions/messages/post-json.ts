import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { DeliveryFailed } from '../platform/messages.js';

/** A provider that has not answered by then is taken for lost: several calls must fit into a message's lease. */
const timeoutMs = 8_000;
const mostBytes = 100_000;

/**
 * Posts JSON and gives the JSON that comes back, whatever its status. Over `node:https`: the first `fetch` of a function
 * costs it 130 ms. Throws `DeliveryFailed`, to be tried again; neither address nor body are in it, for both are secret.
 */
export function postJson(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('http:') ? plainRequest : request;
    const lost = () => reject(new DeliveryFailed('unreachable', true));
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body), ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    };
    const sent = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) response.destroy();
        else chunks.push(chunk);
      });
      response.on('error', lost);
      response.on('close', () => {
        if (!response.complete || bytes > mostBytes) return lost();
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        } catch {
          reject(new DeliveryFailed(`http_${response.statusCode}`, true));
        }
      });
    });
    sent.on('error', lost);
    sent.end(body);
  });
}
