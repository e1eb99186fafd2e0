import * as z from 'zod/mini';
import { PhoneInput } from '../accounts/contract.js';
import { type Contract, Count, NextCursor, pageQuery, roles } from '../http/contract.js';
import { Id, Line, Reason } from '../http/fields.js';
import { Day } from '../time/day.js';
import { purposes } from './purposes.js';
import { revealLimit } from './reveals.js';

const Purpose = z.enum(purposes);
const NoticeText = z.object({ title: z.string(), what: z.string(), why: z.string(), kept: z.string(), withdraw: z.string() });
const Both = z.object({ 'zh-CN': z.string(), en: z.string() });
const Version = z.int().check(z.positive());

const Notice = z.object({
  purpose: Purpose,
  version: Version,
  fromDay: Day,
  optional: z.boolean(),
  text: z.object({ 'zh-CN': NoticeText, en: NoticeText }),
});

const Consent = z.object({
  purpose: Purpose,
  optional: z.boolean(),
  /** The version in force. */
  inForce: Version,
  /** The last decision, and the version that it was about. */
  decided: z.nullable(z.object({ version: Version, agreed: z.boolean(), at: z.iso.datetime() })),
  /** It holds for the version in force. */
  agreed: z.boolean(),
  /** The version in force has yet to be decided on. */
  asks: z.boolean(),
});

/** Who agrees for a child under fourteen, shown by a code sent to the guardian's phone. */
const Guardian = z.strictObject({
  name: Line(50),
  relation: Line(20),
  phone: PhoneInput,
  code: z.string().check(z.regex(/^\d{6}$/, { error: 'six_digits' })),
});

/** What may be revealed. An identity document stays masked for ever. */
export const revealable = ['name', 'phone', 'home'] as const;
export type Revealable = (typeof revealable)[number];
const Reveal = z.object({
  revealId: Id,
  expiresAt: z.iso.datetime(),
  values: z.object({ name: z.optional(z.nullable(z.string())), phone: z.optional(z.string()), home: z.optional(z.nullable(z.string())) }),
});

const Held = z.object({
  table: z.string(),
  what: Both,
  onErasure: z.enum(['erased', 'pseudonymised', 'expires', 'nothing']),
  why: Both,
  records: z.array(z.record(z.string(), z.unknown())),
});

const ChainPlace = z.object({ day: Day, seq: Count, hash: z.string() });

const personPath = z.object({ personId: Id });
const exampleReveal = {
  revealId: '4f1c9e0a-9a55-4b0e-8a43-2f6f5b1d7c20',
  expiresAt: '2026-11-24T08:10:00.000Z',
  values: { name: '王小明', phone: '+8613800138000' },
};

export const privacyContract = {
  'GET /v1/notices': {
    who: 'anyone',
    summary: 'The notices in force, one a purpose: what is used, why, how long it is kept, and how to refuse',
    ok: z.object({ notices: z.array(Notice) }),
  },
  'GET /v1/me/consents': {
    who: roles,
    summary: 'What I have agreed to, and what I am still asked',
    ok: z.object({ consents: z.array(Consent) }),
  },
  'PUT /v1/me/consents/{purpose}': {
    who: roles,
    summary: 'Agree or refuse, for the version that was read; an entry in the ledger each time it changes',
    path: z.object({ purpose: Purpose }),
    body: z.strictObject({ version: Version, agreed: z.boolean(), guardian: z.optional(Guardian) }),
    ok: Consent,
    fails: ['notice_outdated', 'notice_not_optional', 'guardian_needed', 'code_wrong'],
    limits: [{ per: 'account', most: 60, windowSeconds: 3600 }],
    example: { body: { version: 1, agreed: true } },
  },
  'POST /v1/people/{personId}/reveals': {
    who: ['officer', 'bureau'],
    summary: 'A person’s values unmasked for ten minutes, for a reason that goes on record; an officer in the own street',
    path: personPath,
    body: z.strictObject({
      reason: Reason(200),
      fields: z.array(z.enum(revealable)).check(
        z.minLength(1),
        z.maxLength(revealable.length),
        z.refine((fields) => new Set(fields).size === fields.length, { error: 'repeated' }),
      ),
    }),
    ok: Reveal,
    fails: ['person_not_found'],
    limits: [{ per: 'account', ...revealLimit }],
    example: { body: { reason: '电话通知取证', fields: ['name', 'phone'] }, ok: exampleReveal },
  },
  'GET /v1/people/{personId}/reveals/{revealId}': {
    who: ['officer', 'bureau'],
    summary: 'The same values again, for whoever asked for them, until the ten minutes are over',
    path: z.extend(personPath, { revealId: Id }),
    ok: Reveal,
    fails: ['reveal_not_found'],
    example: { ok: exampleReveal },
  },
  'GET /v1/me/data': {
    who: roles,
    summary: 'Everything held about me, table by table, with what would become of it; as JSON or as a page to read',
    query: z.object({ format: z._default(z.enum(['json', 'html']), 'json') }),
    ok: z.object({ personId: Id, at: z.iso.datetime(), held: z.array(Held) }),
    documents: ['text/html'],
    limits: [{ per: 'account', most: 20, windowSeconds: 3600 }],
  },
  'DELETE /v1/me': {
    who: roles,
    summary: 'Erases me: signs me out everywhere, ends what I answer for, and says what stays under a number and why',
    ok: z.object({ erasedAt: z.iso.datetime(), outcomes: z.array(z.omit(Held, { records: true })) }),
    fails: ['last_bureau', 'person_changed_meanwhile'],
  },
  'GET /v1/purges': {
    who: ['bureau'],
    summary: 'Certificates of what has gone after its time, newest first',
    query: z.object(pageQuery(100, 20)),
    ok: z.object({
      certificates: z.array(
        z.object({
          startedAt: z.iso.datetime(),
          finishedAt: z.iso.datetime(),
          /** Records by class. */
          records: z.record(z.string(), Count),
          /** Of each class, what was older than this. */
          cutoffs: z.record(z.string(), z.iso.datetime()),
          /** The last link of the record that has gone: the rest follows it. */
          chainFrom: z.optional(ChainPlace),
          /** Where the record ended then. */
          chainEnd: z.optional(ChainPlace),
        }),
      ),
      /** What lies among them and was not made by a purge, or was changed since. */
      notGenuine: z.array(z.string()),
      nextCursor: NextCursor,
    }),
    fails: ['invalid_cursor'],
  },
} as const satisfies Contract;
