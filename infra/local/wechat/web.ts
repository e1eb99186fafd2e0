import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Reply } from './replies.js';

/** What a route answers: JSON of the API, a page, or the way to another. */
export type Answer = { readonly json: Reply } | { readonly html: string; readonly status?: number } | { readonly to: string };
/** `body` is what the JSON sent says, and nothing where it is none. */
export type Route = (query: URLSearchParams, body: unknown) => Answer;

const mostBodyBytes = 64 * 1024;

/** Serves routes named by method and path. */
export const answerOver =
  (routes: ReadonlyMap<string, Route>): RequestListener =>
  async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(`http://local${request.url}`);
      const route = routes.get(`${request.method} ${pathname}`);
      if (!route) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
      write(response, route(searchParams, await jsonOf(request)));
    } catch {
      // Nothing is said of why: an address or body here may hold a secret.
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  };

function write(response: ServerResponse, answer: Answer): void {
  response.setHeader('cache-control', 'no-store');
  if ('to' in answer) response.writeHead(302, { location: answer.to }).end();
  else if ('html' in answer) response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8' }).end(answer.html);
  // WeChat calls its JSON plain text.
  else response.writeHead(200, { 'content-type': 'text/plain' }).end(written(answer.json));
}

/** A bigint is written as the number it is, which `JSON.stringify` refuses to do. */
const written = (reply: Reply) =>
  `{${Object.entries(reply)
    .map(([key, value]) => `${JSON.stringify(key)}:${typeof value === 'bigint' ? value : JSON.stringify(value)}`)
    .join()}}`;

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
