import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Event, Result } from '../../functions/http/dispatch.js';
import { toLambda } from '../../functions/http/to-lambda.js';
import type { Ports } from '../../functions/platform/ports.js';
import { services } from '../../infra/local/services.js';
import { type DomainName, domains } from '../../shared/catalog.js';

export interface Asked {
  readonly token?: string | undefined;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** A text is a file; anything else goes as JSON. */
  readonly body?: unknown;
  readonly cookies?: readonly string[];
  /** Where the call comes from. */
  readonly address?: string;
}
export type AskFunction = (routeKey: string, asked: Asked) => Promise<Result>;

/**
 * The functions without the wire: each called with the event that API Gateway would make of a request. Who is signed in
 * is looked up once a person, since thousands of equal looks would take longer than all else.
 */
export function functionsOf(ports: Ports): AskFunction {
  const db = remembering(ports.db);
  const lambdas = new Map(
    (Object.keys(domains) as DomainName[]).flatMap((domain) => {
      const lambda = toLambda(services[domain]({ ...ports, db })) as unknown as (event: Event, context: object) => Promise<Result>;
      return Object.keys(domains[domain].contract).map((routeKey) => [routeKey, lambda] as const);
    }),
  );
  return async (routeKey, asked) => {
    const lambda = lambdas.get(routeKey);
    if (!lambda) throw new Error(`No function answers ${routeKey}`);
    return lambda(eventOf(routeKey, asked), {});
  };
}

function eventOf(routeKey: string, { token, path, query, body, cookies, address = '127.0.0.1' }: Asked): Event {
  const [method] = routeKey.split(' ');
  return {
    routeKey,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
    },
    ...(cookies ? { cookies: [...cookies] } : {}),
    ...(path ? { pathParameters: path } : {}),
    ...(query ? { queryStringParameters: query } : {}),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: { requestId: randomUUID(), domainName: 'localhost', http: { method, sourceIp: address } },
  } as unknown as Event;
}

function remembering(db: Ports['db']): Ports['db'] {
  const known = new Map<string, Promise<unknown>>();
  const send = (command: unknown) => {
    const key = command instanceof GetCommand && command.input.Key?.sk === 'SIGNED_IN' ? String(command.input.Key.pk) : undefined;
    const ask = () => db.send(command as never) as Promise<unknown>;
    if (key === undefined) return ask();
    const found = known.get(key) ?? ask();
    known.set(key, found);
    return found;
  };
  return Object.create(db, { send: { value: send } }) as Ports['db'];
}
