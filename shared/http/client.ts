import type * as z from 'zod/mini';
import type { Contract, Problem, Route } from './contract.js';

type Sent<S> = S extends z.ZodMiniType ? z.input<S> : undefined;
interface Parts<R extends Route> {
  path: Sent<R['path']>;
  /** As the service reads it: it goes out as text. */
  query: R['query'] extends z.ZodMiniObject ? Partial<z.output<R['query']>> | undefined : undefined;
  body: R['bodyTypes'] extends readonly string[] ? Blob | ArrayBuffer | string : Sent<R['body']>;
}
/** What a route needs must be given, what it may have can be, and nothing else. */
type Needed<P> = { [K in keyof P as undefined extends P[K] ? never : K]: P[K] } & {
  [K in keyof P as undefined extends P[K] ? K : never]?: P[K];
};
type Arguments<R> = R extends Route ? (Needed<Parts<R>> extends infer N ? (object extends N ? [N?] : [N]) : never) : never;
type Reply<R> = R extends Route ? z.output<R['ok']> : never;

/** A typed call for every route of a contract: `await call('GET /v1/sites/{siteId}', { path: { siteId } })`. */
export type Call<C> = <K extends keyof C & string>(route: K, ...request: Arguments<C[K]>) => Promise<Reply<C[K]>>;

/** The service refused: `problem.code` says why, `problem.fields` what to mend. */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds?: number,
  ) {
    super(problem.code);
  }
}

export interface ClientOptions {
  readonly origin?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** The access token, if one is at hand. */
  readonly token?: () => Promise<string | undefined> | string | undefined;
  readonly language?: () => string;
}

/** Calls the service. Throws `Refused` for what it refuses, and what `fetch` throws where there is no network. */
export function createClient<C extends Contract>({ origin = '', fetch = globalThis.fetch, token, language }: ClientOptions): Call<C> {
  async function call(route: string, request?: unknown): Promise<unknown> {
    const { path = {}, query = {}, body } = (request ?? {}) as { path?: object; query?: object; body?: unknown };
    const [method, template = ''] = route.split(' ');
    const address = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String((path as Record<string, unknown>)[name])));
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ).toString();

    const headers: Record<string, string> = { accept: 'application/json' };
    const bearer = await token?.();
    if (bearer) headers.authorization = `Bearer ${bearer}`;
    if (language) headers['accept-language'] = language();
    const raw = body instanceof Blob || body instanceof ArrayBuffer || typeof body === 'string';
    if (body !== undefined) headers['content-type'] = raw ? 'application/octet-stream' : 'application/json';

    const response = await fetch(`${origin}${address}${search && `?${search}`}`, {
      method: method as string,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: raw ? (body as Blob) : JSON.stringify(body) }),
    });
    if (response.status === 204) return undefined;
    if (response.ok) return response.json();
    const wait = Number(response.headers.get('retry-after'));
    throw new Refused(await problemOf(response), wait || undefined);
  }
  return call as Call<C>;
}

/** What stands between us and the service (a proxy, a captive portal) may answer without a problem document. */
async function problemOf(response: Response): Promise<Problem> {
  try {
    const problem = (await response.json()) as Problem;
    if (typeof problem.code === 'string') return problem;
  } catch {
    // not JSON
  }
  return { type: 'about:blank', title: response.statusText, status: response.status, code: 'internal_error', detail: '' };
}
