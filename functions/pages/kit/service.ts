import type * as z from 'zod/mini';
import type { ServiceContract } from '../../../shared/catalog.js';
import { type Call, createClient, Refused } from '../../../shared/http/client.js';
import { language } from './preferences.js';
import { accessToken, refresh, session } from './session.js';

/** What a route answers. */
export type Reply<Route extends keyof ServiceContract> = z.output<ServiceContract[Route]['ok']>;

const client = createClient<ServiceContract>({ token: accessToken, language: language.get });

/** The token is out of time or names a former role; or its session ended, while another page of this browser may have a new one. */
const refreshable: readonly string[] = ['sign_in_needed', 'session_ended'];

const whoIsIn = () => {
  const now = session.get();
  return now.state === 'in' ? now.person.personId : undefined;
};

/**
 * Calls the service as whoever is signed in. A token that the service no longer takes is renewed, and the call made once
 * more, which is safe: one that was turned away at the door has done nothing. It is not made for somebody else who has
 * signed in meanwhile.
 */
export const call = (async (route: keyof ServiceContract, ...request: never[]) => {
  const send = client as (route: string, ...request: never[]) => Promise<unknown>;
  const caller = whoIsIn();
  try {
    return await send(route, ...request);
  } catch (error) {
    if (!(error instanceof Refused) || !refreshable.includes(error.problem.code) || whoIsIn() !== caller) throw error;
    await refresh();
    if (whoIsIn() !== caller) throw error;
    return await send(route, ...request);
  }
}) as Call<ServiceContract>;
