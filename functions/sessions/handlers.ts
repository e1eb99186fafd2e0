import { type Handlers, Reply } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { sessionsContract } from '../../shared/sessions/contract.js';
import { phoneOf } from '../platform/phone.js';
import { cookieName, endReused, openFor, personOfPhone, type SessionsDeps, sendCode, sessionCookie, signedIn } from './signing-in.js';
import { wechatHandlers } from './wechat.js';

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();

export const sessionsHandlers: Handlers<typeof sessionsContract, SessionsDeps> = {
  ...wechatHandlers,

  async 'POST /v1/sign-in/codes'({ body, request }, deps) {
    await sendCode(phoneOf(body.phone), 'sign_in', request, deps);
    return undefined;
  },

  async 'POST /v1/sign-in'({ body, request }, deps) {
    const { sessions, now } = deps;
    const phone = phoneOf(body.phone);
    if (!(await sessions.takeCode(phone, 'sign_in', body.code, now()))) throw new Failure('code_wrong');
    const { personId } = await personOfPhone(phone, deps);
    return signedIn(await openFor(personId, 'sms', request, deps), deps);
  },

  async 'POST /v1/sign-in/refresh'({ request }, deps) {
    const token = request.cookies[cookieName] ?? '';
    const rotated = await deps.sessions.rotate(token, deps.now());
    if (typeof rotated === 'object' && 'token' in rotated) return signedIn(rotated, deps);
    if (rotated !== 'unknown') await endReused(token, rotated.reusedOf, deps);
    throw new Failure('session_ended');
  },

  async 'DELETE /v1/session'({ request }, { sessions, secureCookies }) {
    await sessions.endSessionOf(request.cookies[cookieName] ?? '');
    return new Reply(undefined, { cookies: [sessionCookie('', secureCookies)] });
  },

  async 'POST /v1/me/codes'({ body, request }, deps) {
    await sendCode(phoneOf(body.phone), body.purpose, request, deps);
    return undefined;
  },

  async 'GET /v1/me/sessions'({ caller }, { sessions, now }) {
    const found = await sessions.sessionsOf(caller.personId, now());
    return {
      sessions: found.map(({ sessionId, way, device, startedAt, rotatedAt, expiresAt }) => ({
        sessionId,
        current: sessionId === caller.sessionId,
        way,
        device,
        startedAt: isoOf(startedAt),
        lastUsedAt: isoOf(rotatedAt),
        expiresAt: isoOf(expiresAt),
      })),
    };
  },

  async 'DELETE /v1/me/sessions/{sessionId}'({ path: { sessionId }, caller }, { sessions }) {
    if (!(await sessions.endSession(caller.personId, sessionId))) throw new Failure('session_not_found');
    return undefined;
  },

  async 'DELETE /v1/me/sessions'({ caller }, { sessions, now }) {
    for (const { sessionId } of await sessions.sessionsOf(caller.personId, now())) {
      if (sessionId !== caller.sessionId) await sessions.endSession(caller.personId, sessionId);
    }
    return undefined;
  },

  async 'GET /.well-known/jwks.json'(_, { tokens, now }) {
    return { keys: [...(await tokens.published(now()))] };
  },
};
