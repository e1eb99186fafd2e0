import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Context } from 'aws-lambda';
import { type Event, mostBodyBytes, type Result } from '../../functions/http/dispatch.js';
import { logFault } from '../../functions/http/log.js';
import { problemResult } from '../../functions/http/results.js';
import { Failure } from '../../shared/http/failures.js';
import { languageOf } from '../../shared/http/problem.js';
import { router } from './routes.js';

/** A function as Lambda would call it. */
export type Lambda = (event: Event, context: Context) => Promise<Result>;
/** What the local mode adds beside the service, under /local/. */
export type LocalPage = (query: URLSearchParams) => { readonly type: string; readonly body: string };

const gatewaySeconds = 30;

/** API Gateway on this machine: makes payload-2.0 events, and refuses what the gateway refuses. */
export function createHost(lambdas: ReadonlyMap<string, Lambda>, localPages: ReadonlyMap<string, LocalPage>): Server {
  const match = router(lambdas);
  return createServer(async (request, response) => {
    const language = languageOf(request.headers['accept-language']);
    try {
      // Any page can point a name of its own at this machine: it is answered under the machine's own names alone.
      if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
        return answer(response, problemResult(new Failure('route_not_found'), language));
      }
      const url = new URL(`http://local${request.url?.startsWith('/') ? '' : '/'}${request.url}`);
      const localPage = request.method === 'GET' ? localPages.get(url.pathname) : undefined;
      if (localPage) return answerLocally(response, localPage(url.searchParams));
      const body = await bodyOf(request);
      if (body === 'too large') return answer(response, problemResult(new Failure('body_too_large'), language));
      const found = match(request.method ?? 'GET', url.pathname);
      if (!found) return answer(response, problemResult(new Failure('route_not_found'), language));
      const event = eventOf(request, url, found.routeKey, found.pathParameters, body);
      answer(response, await withinTime(found.target(event, contextOf(event)), language), request.method === 'HEAD');
    } catch (error) {
      // A caller that hung up in mid-request has no use for an answer.
      if (request.destroyed && !request.complete) return;
      logFault('host_failed', error);
      answer(response, problemResult(new Failure('internal_error'), language));
    }
  });
}

function answerLocally(response: ServerResponse, { type, body }: ReturnType<LocalPage>): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

/** The whole body, unless it is larger than a function may be sent. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What is too much is read on without keeping it: a client that is still sending would not hear the refusal.
    if (bytes <= mostBodyBytes) chunks.push(chunk);
  }
  return bytes > mostBodyBytes ? 'too large' : Buffer.concat(chunks);
}

function eventOf(request: IncomingMessage, url: URL, routeKey: string, pathParameters: Record<string, string>, body: Buffer): Event {
  const { cookie, ...rest } = request.headers;
  const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, [value ?? ''].flat().join(',')]));
  const query = [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]);
  const text = /^(text\/|application\/(json|[\w.+-]+\+json))/.test(headers['content-type'] ?? 'text/') && isUtf8(body);
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(cookie ? { cookies: cookie.split(/;\s*/) } : {}),
    ...(query.length ? { queryStringParameters: Object.fromEntries(query) } : {}),
    ...(Object.keys(pathParameters).length ? { pathParameters } : {}),
    ...(body.length ? { body: body.toString(text ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !text,
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: request.headers.host ?? url.host,
      domainPrefix: 'local',
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
    },
  };
}

const isUtf8 = (body: Buffer) => body.equals(Buffer.from(body.toString('utf8'), 'utf8'));

const contextOf = (event: Event) => ({ awsRequestId: event.requestContext.requestId, functionName: 'local' }) as Context;

async function withinTime(result: Promise<Result>, language: 'zh-CN' | 'en'): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve(problemResult(new Failure('timed_out'), language)), gatewaySeconds * 1000);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}

function answer(
  response: ServerResponse,
  { statusCode = 200, headers = {}, cookies, body = '', isBase64Encoded }: Result,
  head = false,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies?.length) response.setHeader('set-cookie', cookies);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (statusCode !== 204 && statusCode !== 304) response.setHeader('content-length', bytes.length);
  response.writeHead(statusCode).end(head ? undefined : bytes);
}
