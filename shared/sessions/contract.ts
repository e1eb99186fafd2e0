import * as z from 'zod/mini';
import { Person, PhoneInput } from '../accounts/contract.js';
import { type Contract, NoContent, Redirect, roles } from '../http/contract.js';
import { Id } from '../http/fields.js';
import { codePurposes, codesPerAddress, isOwnPath, visitsPerAddress, waysIn } from './rules.js';

export const Code = z.string().check(z.regex(/^\d{6}$/, { error: 'six_digits' }));
const PhoneAndCode = z.strictObject({ phone: PhoneInput, code: Code });

export const SignedIn = z.object({ accessToken: z.string(), expiresAt: z.iso.datetime(), person: Person });

const Session = z.object({
  sessionId: Id,
  /** The one that asks. */
  current: z.boolean(),
  way: z.enum(waysIn),
  device: z.string(),
  startedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

const ReturnTo = z.string().check(
  z.maxLength(500),
  z.refine((text) => isOwnPath(text), { error: 'own_path' }),
);
const WeChatText = z.string().check(z.minLength(1), z.maxLength(500));

const exampleSignedIn = {
  accessToken: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
  expiresAt: '2026-11-24T08:15:00.000Z',
  person: {
    personId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10',
    role: 'officer',
    name: '陈立',
    phone: '+8613800138000',
    scope: { areaCode: '440311001' },
  },
};

export const sessionsContract = {
  'POST /v1/sign-in/codes': {
    who: 'anyone',
    summary: 'Ask for a sign-in code by SMS; the reply never tells whether the phone is known',
    body: z.strictObject({ phone: PhoneInput }),
    ok: NoContent,
    limits: [codesPerAddress],
    fails: ['too_many_codes', 'messages_unavailable'],
    example: { body: { phone: '138 0013 8000' } },
  },
  'POST /v1/sign-in': {
    who: 'anyone',
    summary: 'Sign in by the code; a phone seen for the first time becomes a resident',
    body: PhoneAndCode,
    ok: SignedIn,
    limits: [codesPerAddress],
    fails: ['code_wrong'],
    example: { body: { phone: '138 0013 8000', code: '204817' }, ok: exampleSignedIn },
  },
  'POST /v1/sign-in/refresh': {
    who: 'anyone',
    summary: 'A new access token for the refresh cookie, which is replaced',
    cookie: true,
    ok: SignedIn,
    example: { ok: exampleSignedIn },
  },
  'DELETE /v1/session': {
    who: 'anyone',
    summary: 'Sign out: the session of the refresh cookie ends',
    cookie: true,
    ok: NoContent,
  },
  'GET /v1/sign-in/wechat': {
    who: 'anyone',
    summary: 'Sends the browser to WeChat to sign in, and from there back to a page of ours',
    query: z.object({ returnTo: z._default(ReturnTo, '/') }),
    ok: Redirect,
    limits: [visitsPerAddress],
    fails: ['wechat_not_set_up'],
  },
  'GET /v1/sign-in/wechat/callback': {
    who: 'anyone',
    summary: 'Where WeChat sends the browser back to: signs in whoever is known, and asks the others for a phone',
    query: z.object({ code: z.optional(WeChatText), state: WeChatText }),
    ok: Redirect,
    limits: [visitsPerAddress],
    fails: ['wechat_not_set_up', 'wechat_state_unknown', 'wechat_code_refused', 'wechat_snapshot_user', 'wechat_unavailable'],
  },
  'POST /v1/sign-in/wechat/link': {
    who: 'anyone',
    summary: 'The first time: links the WeChat user who has just come back to a phone, and signs in',
    cookie: true,
    body: PhoneAndCode,
    ok: SignedIn,
    limits: [codesPerAddress],
    fails: ['code_wrong', 'wechat_link_expired', 'wechat_taken'],
    example: { body: { phone: '138 0013 8000', code: '204817' }, ok: exampleSignedIn },
  },
  'GET /v1/wechat/signature': {
    who: 'anyone',
    summary: 'What a page of ours needs to use the WeChat JS-SDK; its address is signed without the fragment',
    query: z.object({ url: z.string().check(z.minLength(1), z.maxLength(2000)) }),
    ok: z.object({ appId: z.string(), timestamp: z.int(), nonceStr: z.string(), signature: z.string() }),
    limits: [visitsPerAddress],
    fails: ['wechat_not_set_up', 'wechat_unavailable', 'not_our_page'],
    example: {
      ok: {
        appId: 'wx0000000000000000',
        timestamp: 1414587457,
        nonceStr: 'Wm3WZYTPz0wzccnW',
        signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
      },
    },
  },
  'POST /v1/me/codes': {
    who: roles,
    summary: 'Ask for a code to a phone that is to be mine from now on, or to my guardian’s',
    body: z.strictObject({ phone: PhoneInput, purpose: z.enum(codePurposes.slice(1) as unknown as ['change_phone', 'guardian_consent']) }),
    ok: NoContent,
    limits: [codesPerAddress, { per: 'account', most: 10, windowSeconds: 3600 }],
    fails: ['too_many_codes', 'messages_unavailable'],
    example: { body: { phone: '138 0013 8000', purpose: 'change_phone' } },
  },
  'GET /v1/me/sessions': {
    who: roles,
    summary: 'Where I am signed in, the session used last first; ten at most',
    ok: z.object({ sessions: z.array(Session) }),
  },
  'DELETE /v1/me/sessions/{sessionId}': {
    who: roles,
    summary: 'Ends one of my sessions, and its tokens with it',
    path: z.object({ sessionId: Id }),
    ok: NoContent,
    fails: ['session_not_found'],
  },
  'DELETE /v1/me/sessions': {
    who: roles,
    summary: 'Ends all my sessions but the one that asks',
    ok: NoContent,
  },
  'GET /.well-known/jwks.json': {
    who: 'anyone',
    summary: 'The public keys of access tokens (RFC 7517): of those about, and of the next',
    ok: z.object({
      keys: z.array(
        z.object({
          kty: z.literal('EC'),
          crv: z.literal('P-256'),
          x: z.string(),
          y: z.string(),
          kid: z.string(),
          alg: z.literal('ES256'),
          use: z.literal('sig'),
        }),
      ),
    }),
  },
} as const satisfies Contract;
