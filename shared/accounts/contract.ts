import * as z from 'zod/mini';
import { AreaCode } from '../city/areas.js';
import { type Contract, NextCursor, NoContent, pageQuery, roles } from '../http/contract.js';
import { Id, Line } from '../http/fields.js';

/** As people write it: `138 0013 8000`, `+86 138-0013-8000`. Kept and shown as E.164. */
export const PhoneInput = z.string().check(z.trim(), z.minLength(5), z.maxLength(30));
const PersonName = Line(50);

export const Role = z.enum(roles);

/** Where a person may act: an officer in a street, a manager at sites, the bureau in the district. */
export const Scope = z.object({ areaCode: z.optional(AreaCode), siteIds: z.optional(z.array(Id)) });
export type Scope = z.output<typeof Scope>;

export const Person = z.object({
  personId: Id,
  role: Role,
  name: z.nullable(z.string()),
  phone: z.string(),
  scope: Scope,
});
export type Person = z.output<typeof Person>;

export const SignedIn = z.object({ accessToken: z.string(), expiresAt: z.iso.datetime(), person: Person });

/** A member of staff in a list: the phone masked, as every list keeps it. */
const StaffMember = z.object({
  personId: Id,
  role: Role,
  name: z.nullable(z.string()),
  maskedPhone: z.string(),
  areaCode: z.nullable(AreaCode),
});

const examplePerson = {
  personId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10',
  role: 'officer',
  name: '陈立',
  phone: '+8613800138000',
  scope: { areaCode: '440311001' },
};
const exampleSignedIn = { accessToken: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', expiresAt: '2026-11-24T08:15:00.000Z', person: examplePerson };

export const accountsContract = {
  'POST /v1/sign-in/codes': {
    who: 'anyone',
    summary: 'Ask for a sign-in code by SMS; the reply never tells whether the phone is known',
    body: z.strictObject({ phone: PhoneInput }),
    ok: NoContent,
    fails: ['too_many_codes', 'messages_unavailable'],
    example: { body: { phone: '138 0013 8000' } },
  },
  'POST /v1/sign-in': {
    who: 'anyone',
    summary: 'Sign in by the code; a phone seen for the first time becomes a resident',
    body: z.strictObject({ phone: PhoneInput, code: z.string().check(z.regex(/^\d{6}$/, { error: 'six_digits' })) }),
    ok: SignedIn,
    fails: ['code_wrong'],
    example: { body: { phone: '138 0013 8000', code: '204817' }, ok: exampleSignedIn },
  },
  'POST /v1/sign-in/refresh': {
    who: 'anyone',
    summary: 'A new access token for the refresh cookie, which is replaced',
    ok: SignedIn,
    fails: ['session_ended'],
    example: { ok: exampleSignedIn },
  },
  'DELETE /v1/session': {
    who: 'anyone',
    summary: 'Sign out: the session of the refresh cookie ends',
    ok: NoContent,
  },
  'GET /v1/me': {
    who: roles,
    summary: 'Who I am and where I may act',
    ok: Person,
    fails: ['session_ended'],
    example: { ok: examplePerson },
  },
  'PUT /v1/staff/{personId}': {
    who: ['bureau'],
    summary: 'Give a person a role; a new id makes a new account',
    path: z.object({ personId: Id }),
    body: z
      .strictObject({
        phone: PhoneInput,
        name: PersonName,
        role: Role,
        /** The officer's street, and nobody else's. */
        areaCode: z.optional(AreaCode),
      })
      .check(
        z.refine(({ role, areaCode }) => (role === 'officer') === (areaCode?.length === 9), {
          path: ['areaCode'],
          error: 'street_of_officer',
        }),
      ),
    ok: Person,
    fails: ['phone_taken', 'person_changed_meanwhile', 'own_role', 'area_not_found'],
    example: { body: { phone: '138 0013 8000', name: '陈立', role: 'officer', areaCode: '440311001' }, ok: examplePerson },
  },
  'POST /v1/staff/look-up': {
    who: ['bureau'],
    summary: 'The account of a phone number, to give it a role',
    body: z.strictObject({ phone: PhoneInput }),
    ok: StaffMember,
    fails: ['person_not_found'],
    example: { body: { phone: '138 0013 8000' } },
  },
  'GET /v1/staff': {
    who: ['bureau'],
    summary: 'Everyone with a role, phones masked',
    query: z.object({ role: z.optional(z.enum(['manager', 'clinic', 'officer', 'bureau'])), ...pageQuery(100, 50) }),
    ok: z.object({ staff: z.array(StaffMember), nextCursor: NextCursor }),
    fails: ['invalid_cursor'],
  },
} as const satisfies Contract;
