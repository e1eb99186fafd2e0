import type * as z from 'zod/mini';
import type { ServiceContract } from '../../../shared/catalog.js';
import { type Call, createClient, Refused } from '../../../shared/http/client.js';
import { language } from './preferences.js';
import { accessToken, refresh } from './session.js';

/** What a route answers. */
export type Reply<Route extends keyof ServiceContract> = z.output<ServiceContract[Route]['ok']>;

const client = createClient<ServiceContract>({ token: accessToken, language: language.get });

/**
 * Calls the service as whoever is signed in. A token that the service no longer takes is renewed, and the call made once
 * more, which is safe: one that was turned away at the door has done nothing.
 */
export const call = (async (route: keyof ServiceContract, ...request: never[]) => {
  const send = client as (route: string, ...request: never[]) => Promise<unknown>;
  try {
    return await send(route, ...request);
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== 'sign_in_needed') throw error;
    await refresh();
    return await send(route, ...request);
  }
}) as Call<ServiceContract>;
