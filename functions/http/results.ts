import { Reply, type Route } from '../../shared/http/contract.js';
import { type Failure, failures } from '../../shared/http/failures.js';
import { type Language, problemOf } from '../../shared/http/problem.js';
import type { Result } from './dispatch.js';

const plainHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** The reply is parsed on its way out: what the contract does not declare does not leave. */
export function resultOf(route: Route, answer: unknown): Result {
  const { body, more } = answer instanceof Reply ? answer : new Reply(answer, {});
  const { cookies = [], location, document } = more;
  const parsed = route.ok.parse(body);
  const head = cookies.length ? { cookies: [...cookies] } : {};
  if (location !== undefined) return { statusCode: 303, ...head, headers: { ...plainHeaders, location, 'referrer-policy': 'no-referrer' } };
  if (document) {
    if (!route.documents?.includes(document.type)) throw new Error(`The route does not declare ${document.type}`);
    const { type, text, styleHash } = document;
    const policy = `default-src 'none'; frame-ancestors 'none'; style-src ${styleHash ? `'sha256-${styleHash}'` : "'none'"}`;
    const headers = { ...plainHeaders, 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy };
    return { statusCode: 200, ...head, headers, body: text };
  }
  if (parsed === undefined) return { statusCode: 204, ...head, headers: plainHeaders };
  return { statusCode: 200, ...head, headers: { ...plainHeaders, 'content-type': 'application/json' }, body: JSON.stringify(parsed) };
}

export function problemResult(failure: Failure, language: Language): Result {
  const { status } = failures[failure.code];
  return {
    statusCode: status,
    headers: {
      ...plainHeaders,
      'content-type': 'application/problem+json',
      'content-language': language,
      vary: 'accept-language',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(failure.more.retryAfterSeconds ? { 'retry-after': String(Math.ceil(failure.more.retryAfterSeconds)) } : {}),
    },
    body: JSON.stringify(problemOf(failure, language)),
  };
}
