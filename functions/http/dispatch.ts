import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Caller, type Contract, commonFailures, type Handlers, type RequestFacts, type Route } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import { type Language, languageOf } from '../../shared/http/problem.js';
import type { AnsweringPorts } from '../platform/ports.js';
import { callerOf } from './caller.js';
import { brokenText, faultsOf } from './faults.js';
import { type LimitCounter, limitCounter, mustStayWithin } from './limits.js';
import { logFault } from './log.js';
import { problemResult, resultOf } from './results.js';
import { standingReader } from './standing.js';

export type Event = APIGatewayProxyEventV2;
export type Result = APIGatewayProxyStructuredResultV2;
/** A domain as API Gateway sees it: an event in, a result out, never a throw. */
export type Service = (event: Event) => Promise<Result>;

/** What Lambda takes of a request. */
export const mostBodyBytes = 6 * 1024 * 1024;

type AnyHandler = (input: unknown, deps: unknown) => Promise<unknown>;

/** Answers a contract: looks the route up, knows the caller, reads the request, lets the handler decide, checks the reply. */
export function dispatch<C extends Contract, Deps>(contract: C, handlers: Handlers<C, Deps>, deps: Deps, ports: AnsweringPorts): Service {
  const standingOf = standingReader(ports.db, ports.tableNames.sessions);
  const count = limitCounter(ports.db, ports.tableNames.limits);
  const { tokens } = ports;
  return async (event) => {
    const route: Route | undefined = contract[event.routeKey as keyof C] as Route | undefined;
    const language = languageOf(event.headers['accept-language']);
    try {
      if (!route) throw new Failure('route_not_found');
      const now = ports.now();
      const request = factsOf(event, language, ports);
      if (route.cookie) mustBeOurs(event, request.origin);
      const known = route.who !== 'anyone' && (await callerOf(event.headers.authorization, { tokens, standingOf, now }));
      const caller = known || undefined;
      mustBeAllowed(route, caller);
      await mustBeWithinLimits(route, event.routeKey, caller, request, { ports, count });
      const handler = handlers[event.routeKey as keyof C] as unknown as AnyHandler;
      return resultOf(route, await handler({ ...partsOf(route, event), caller, request }, deps));
    } catch (error) {
      return refusalOf(error, route, event.routeKey, language);
    }
  };
}

function mustBeAllowed({ who }: Route, caller: Caller | undefined): void {
  if (who === 'anyone') return;
  if (!caller) throw new Failure('sign_in_needed');
  if (!who.includes(caller.role)) throw new Failure('role_not_allowed');
}

/**
 * The session cookie is sent by the browser, whoever asks it to. Besides SameSite, the browser's own word counts: it
 * names the page that asks in Origin, and newer ones their relation in Sec-Fetch-Site. A caller that is no browser has neither.
 */
function mustBeOurs({ headers }: Event, origin: string): void {
  if (headers.origin !== undefined && headers.origin !== origin) throw new Failure('cross_site');
  if (!['same-origin', 'none', undefined].includes(headers['sec-fetch-site'])) throw new Failure('cross_site');
}

async function mustBeWithinLimits(
  { limits = [] }: Route,
  routeKey: string,
  caller: Caller | undefined,
  { address }: RequestFacts,
  { ports, count }: { ports: AnsweringPorts; count: LimitCounter },
): Promise<void> {
  for (const limit of limits) {
    const who = limit.per === 'address' ? ports.hashOfAddress(address) : (caller?.personId ?? 'anyone');
    await mustStayWithin(count, `${routeKey} ${who}`, limit, ports.now());
  }
}

/** The declared parts of a request, parsed. Every fault of every part is told at once. */
function partsOf(route: Route, event: Event) {
  const raw = { path: event.pathParameters ?? {}, query: event.queryStringParameters ?? {}, body: bodyOf(route, event) };
  const parts: Record<string, unknown> = { body: raw.body };
  const faults = (['path', 'query', 'body'] as const).flatMap((part) => {
    const schema = route[part];
    if (!schema) return [];
    const result = schema.safeParse(raw[part]);
    parts[part] = result.data;
    return result.success ? [] : faultsOf(result.error.issues, raw[part]);
  });
  if (faults.length) throw new Failure('invalid_request', { fields: faults });
  return parts;
}

function bodyOf({ body, bodyTypes }: Route, { body: text = '', isBase64Encoded, headers }: Event): unknown {
  if (!body && !bodyTypes) return undefined;
  const bytes = Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBodyBytes) throw new Failure('body_too_large');
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (!(bodyTypes ?? ['application/json']).includes(type ?? '')) throw new Failure('content_type_not_supported');
  if (bodyTypes) return new Uint8Array(bytes);
  const { text: json, value } = parsed(bytes);
  const broken = brokenText(json, value);
  if (broken !== undefined) throw new Failure('invalid_request', { fields: [{ path: broken, code: 'not_well_formed' }] });
  return value;
}

function parsed(bytes: Buffer): { text: string; value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    throw new Failure('malformed_json');
  }
}

function factsOf(
  { requestContext, cookies = [], headers }: Event,
  language: Language,
  { publicOrigin, secureCookies }: AnsweringPorts,
): RequestFacts {
  const pairs = cookies.map((cookie): [string, string] => {
    const at = cookie.indexOf('=');
    return [cookie.slice(0, at).trim(), cookie.slice(at + 1)];
  });
  return {
    address: requestContext.http.sourceIp,
    cookies: Object.fromEntries(pairs),
    origin: publicOrigin ?? `${secureCookies ? 'https' : 'http'}://${requestContext.domainName}`,
    userAgent: headers['user-agent'] ?? '',
    language,
    navigates: /\btext\/html\b/.test(headers.accept ?? ''),
  };
}

/** A refusal that the route lists is answered as it is; anything else is our fault, and says no more than that. */
function refusalOf(error: unknown, route: Route | undefined, routeKey: string, language: Language): Result {
  const listed: readonly string[] = [...commonFailures, ...(route?.fails ?? [])];
  if (error instanceof Failure && listed.includes(error.code)) return problemResult(error, language);
  logFault('handler_failed', error, { route: routeKey, ...(error instanceof Failure ? { unlistedCode: error.code } : {}) });
  return problemResult(new Failure('internal_error'), language);
}
