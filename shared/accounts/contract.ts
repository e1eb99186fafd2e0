import * as z from 'zod/mini';
import { AreaCode } from '../city/areas.js';
import { type Contract, NextCursor, NoContent, pageQuery, roles } from '../http/contract.js';
import { Id, Line } from '../http/fields.js';
import { identityKinds } from './identity.js';

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

/** What is held of me, as far as I may correct it. A document's number is shown masked for ever. */
export const Me = z.extend(Person, {
  home: z.nullable(z.object({ areaCode: AreaCode, line: z.string() })),
  identity: z.nullable(z.object({ kind: z.enum(identityKinds), maskedNumber: z.string() })),
  /** Under fourteen by the document given: a guardian has to agree. */
  child: z.boolean(),
  wechatLinked: z.boolean(),
});

/** A member of staff in a list: name and phone masked, as staff sees everybody. */
const StaffMember = z.object({
  personId: Id,
  role: Role,
  maskedName: z.nullable(z.string()),
  maskedPhone: z.string(),
  areaCode: z.nullable(AreaCode),
});

/** A person as staff sees them: who it is can be told apart, and no more. */
export const MaskedPerson = z.object({
  personId: Id,
  role: Role,
  maskedName: z.nullable(z.string()),
  maskedPhone: z.string(),
  /** The community, and that there is more. */
  maskedHome: z.nullable(z.string()),
  maskedIdentity: z.nullable(z.object({ kind: z.enum(identityKinds), maskedNumber: z.string() })),
});

const examplePerson = {
  personId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10',
  role: 'officer',
  name: '陈立',
  phone: '+8613800138000',
  scope: { areaCode: '440311001' },
};

const exampleMe = { ...examplePerson, home: null, identity: null, child: false, wechatLinked: true };

export const accountsContract = {
  'GET /v1/me': {
    who: roles,
    summary: 'Who I am, where I may act, and what is held of me',
    ok: Me,
    example: { ok: exampleMe },
  },
  'PATCH /v1/me': {
    who: roles,
    summary: 'Corrects what is held of me; null takes it away, what is left out stays',
    body: z.strictObject({
      name: z.optional(z.nullable(PersonName)),
      home: z.optional(z.nullable(z.strictObject({ areaCode: AreaCode, line: Line(120) }))),
      identity: z.optional(
        z.nullable(z.strictObject({ kind: z.enum(identityKinds), number: z.string().check(z.minLength(1), z.maxLength(40)) })),
      ),
    }),
    ok: Me,
    fails: ['area_not_found', 'not_a_community', 'identity_taken', 'child_on_record', 'person_changed_meanwhile'],
    limits: [{ per: 'account', most: 30, windowSeconds: 3600 }],
    example: { body: { name: '陈立', home: { areaCode: '440311001005', line: '翠湖花园 3 栋 501' } }, ok: exampleMe },
  },
  'PUT /v1/me/phone': {
    who: roles,
    summary: 'Another phone is mine from now on, shown by a code sent to it',
    body: z.strictObject({ phone: PhoneInput, code: z.string().check(z.regex(/^\d{6}$/, { error: 'six_digits' })) }),
    ok: Me,
    limits: [{ per: 'account', most: 20, windowSeconds: 3600 }],
    fails: ['code_wrong', 'phone_taken', 'person_changed_meanwhile'],
    example: { body: { phone: '139 0013 9000', code: '204817' }, ok: exampleMe },
  },
  'DELETE /v1/me/wechat': {
    who: roles,
    summary: 'My WeChat user leads to my account no longer',
    ok: NoContent,
    fails: ['wechat_not_linked', 'person_changed_meanwhile'],
  },
  'GET /v1/people/{personId}': {
    who: ['officer', 'bureau'],
    summary: 'A person, masked: an officer sees who lives or manages a site in the own street',
    path: z.object({ personId: Id }),
    ok: MaskedPerson,
    fails: ['person_not_found'],
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
    fails: ['phone_taken', 'person_changed_meanwhile', 'person_erased', 'own_role', 'last_bureau', 'area_not_found'],
    limits: [{ per: 'account', most: 600, windowSeconds: 3600 }],
    example: { body: { phone: '138 0013 8000', name: '陈立', role: 'officer', areaCode: '440311001' }, ok: examplePerson },
  },
  'POST /v1/staff/look-up': {
    who: ['bureau'],
    summary: 'The account of a phone number, to give it a role',
    body: z.strictObject({ phone: PhoneInput }),
    ok: StaffMember,
    limits: [{ per: 'account', most: 60, windowSeconds: 3600 }],
    fails: ['person_not_found'],
    example: { body: { phone: '138 0013 8000' } },
  },
  'GET /v1/staff': {
    who: ['bureau'],
    summary: 'Everyone with a role, masked',
    query: z.object({ role: z.optional(z.enum(['manager', 'clinic', 'officer', 'bureau'])), ...pageQuery(100, 50) }),
    ok: z.object({ staff: z.array(StaffMember), nextCursor: NextCursor }),
    fails: ['invalid_cursor'],
  },
} as const satisfies Contract;
