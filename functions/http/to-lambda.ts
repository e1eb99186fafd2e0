import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Event, Result, Service } from './dispatch.js';
import { log } from './log.js';

/** A service as a Lambda function, with one access line a request: the route as declared, never the path as called. */
export function toLambda(service: Service) {
  const startedAt = new WeakMap<object, number>();
  return middy<Event, Result, Error, Context>((event: Event) => service(event)).use({
    before: ({ event }) => {
      startedAt.set(event, performance.now());
    },
    after: ({ event, response }) => {
      log('info', 'request', {
        route: event.routeKey,
        status: response?.statusCode,
        ms: Math.round(performance.now() - (startedAt.get(event) ?? performance.now())),
        requestId: event.requestContext.requestId,
      });
    },
  });
}
