import * as z from 'zod/mini';
import type { FailureCode, FieldFault } from './failures.js';

export const roles = ['resident', 'manager', 'clinic', 'officer', 'bureau'] as const;
export type Role = (typeof roles)[number];

/** Exactly API Gateway's routeKey: one string names the route in CDK, Lambda, OpenAPI and the pages. */
export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

export interface Route {
  /** Who may call. Whose record it is, is a rule of the domain. */
  readonly who: 'anyone' | readonly Role[];
  readonly summary: string;
  readonly path?: z.ZodMiniObject;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  /** A body that is not JSON arrives as bytes; `body` is then left out. */
  readonly bodyTypes?: readonly string[];
  /** The reply. `NoContent` answers 204, `Redirect` 303 to another address. */
  readonly ok: z.ZodMiniType;
  /** Types of a document that may come instead of JSON. */
  readonly documents?: readonly string[];
  /** The session cookie decides: a call that another site's page makes is refused. */
  readonly cookie?: boolean;
  /** How often it may be called, counted in the table. */
  readonly limits?: readonly Limit[];
  /** The closed list of refusals, beside those that every route shares (`commonFailures`). */
  readonly fails?: readonly FailureCode[];
  /** What OpenAPI shows. A test parses it by the route's own schemas. */
  readonly example?: { readonly body?: unknown; readonly ok?: unknown };
}
export type Contract = Readonly<Record<RouteKey, Route>>;

/** At most so many calls in a window, for each address or account. A window begins at a multiple of its length. */
export interface Limit {
  readonly per?: 'address' | 'account';
  readonly most: number;
  readonly windowSeconds: number;
}

/** What any route may answer without listing it. */
export const commonFailures = [
  'malformed_json',
  'invalid_request',
  'sign_in_needed',
  'session_ended',
  'role_not_allowed',
  'route_not_found',
  'cross_site',
  'too_many_requests',
  'body_too_large',
  'content_type_not_supported',
  'internal_error',
  'timed_out',
] as const satisfies readonly FailureCode[];

/** Who calls, as the access token says: an officer has a street, the others none. */
export interface Caller {
  readonly personId: string;
  readonly role: Role;
  readonly areaCode?: string;
  readonly sessionId: string;
}

/** What a handler may know of the request beside its parsed parts. */
export interface RequestFacts {
  readonly address: string;
  readonly cookies: Readonly<Record<string, string>>;
  /** Our own origin, as the caller reached it. */
  readonly origin: string;
  readonly userAgent: string;
  readonly language: 'zh-CN' | 'en';
  /** A browser that goes somewhere, rather than a page's script that asks. */
  readonly navigates: boolean;
}

type Parsed<S> = S extends z.ZodMiniType ? z.output<S> : undefined;
export interface Input<R extends Route> {
  path: Parsed<R['path']>;
  query: Parsed<R['query']>;
  body: R['bodyTypes'] extends readonly string[] ? Uint8Array : Parsed<R['body']>;
  caller: R['who'] extends 'anyone' ? undefined : Caller;
  request: RequestFacts;
}

/** A reply that says more than its body. A handler with nothing more to say returns the body alone. */
export class Reply<Body> {
  constructor(
    readonly body: Body,
    readonly more: { readonly cookies?: readonly string[]; readonly location?: string; readonly document?: Document },
  ) {}
}
/** A page or file instead of JSON. `styleHash` lets its one style sheet through the content security policy. */
export interface Document {
  readonly type: string;
  readonly text: string;
  readonly styleHash?: string;
}

/** A handler for every route of the contract, no more and no fewer. */
export type Handlers<C extends Contract, Deps> = {
  [K in keyof C]: C[K] extends Route
    ? (input: Input<C[K]>, deps: Deps) => Promise<z.input<C[K]['ok']> | Reply<z.input<C[K]['ok']>>>
    : never;
};

/** The reply of a route that has nothing to say: 204. */
export const NoContent = z.undefined();
/** The reply of a route that sends a browser on. */
export const Redirect = z.undefined();

export const Count = z.int().check(z.nonnegative());
/** `done` of `due`. Divided only where it is shown. */
export const Rate = z.object({ done: Count, due: Count });

/** RFC 9457, with the code of the refusal and the fields it speaks of. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: FailureCode;
  readonly detail: string;
  readonly fields?: readonly (FieldFault & { readonly message: string })[];
}

/** A whole number as a query writes it: digits and nothing else. */
export const QueryNumber = (least: number, most: number) =>
  z.pipe(
    z.pipe(z.string().check(z.regex(/^\d{1,9}$/, { error: 'whole_number', abort: true })), z.transform(Number)),
    z.int().check(z.minimum(least), z.maximum(most)),
  );

/** The bounds of a page of a list: `limit` rows, then `nextCursor`. */
export const pageQuery = (most: number, usual: number) => ({
  limit: z._default(QueryNumber(1, most), usual),
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
});
export const NextCursor = z.nullable(z.string());
