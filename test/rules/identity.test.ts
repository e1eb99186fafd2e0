import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  birthDayOf,
  type IdentityKind,
  identityFaultOf,
  identityKinds,
  isUnder14,
  normaliseIdentity,
} from '../../shared/accounts/identity.js';
import { addDays } from '../../shared/time/day.js';

/** All numbers are invented, save the samples that GB 11643 and its readers print. */
const today = '2026-11-24';
const fault = (kind: IdentityKind, number: string) => identityFaultOf({ kind, number, today });
const checked = (digits: string) => {
  const sum = [...digits].reduce((sum, digit, i) => sum + Number(digit) * (2 ** (17 - i) % 11), 0);
  return digits + '10X98765432'[sum % 11];
};
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const anyDay = fc
  .date({ min: new Date('1900-01-01'), max: new Date(today), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const numberOf = (area: fc.Arbitrary<string>) =>
  fc.tuple(area, anyDay, digits(3)).map(([area, day, order]) => checked(area + day.replaceAll('-', '') + order));
const residentId = numberOf(fc.constantFrom('110105', '440311', '650102', '710000'));
const permit = numberOf(fc.constantFrom('810000', '820000', '830000'));

describe('an identity number', () => {
  test.each([
    ['resident_id', '11010519491231002X', undefined],
    ['resident_id', checked('11010119000101001'), undefined],
    ['resident_id', '110105491231002', 'id_old_15_digits'],
    ['resident_id', '1101051949123100', 'id_length'],
    ['resident_id', '', 'id_length'],
    ['resident_id', '1101051949123X0021', 'id_characters'],
    ['resident_id', '11010519491231002x', 'id_characters'],
    ['resident_id', '110105194912310021', 'id_check_digit'],
    ['resident_id', checked('99010519491231002'), 'id_area'],
    ['resident_id', checked('00000019491231002'), 'id_area'],
    ['resident_id', checked('11000019491231002'), 'id_area'],
    ['resident_id', checked('81000019491231002'), 'id_area'],
    ['resident_id', checked('11010519490229001'), 'id_birth_date'],
    ['resident_id', checked('11010519491301001'), 'id_birth_date'],
    ['resident_id', checked('11010520261124001'), undefined],
    ['resident_id', checked('11010520261125001'), 'id_birth_date'],
    // The second sample of GB 11643 checks, but nobody born in 1880 keeps a dog.
    ['resident_id', '440524188001010014', 'id_birth_date'],
    ['residence_permit', '810000199408230021', undefined],
    ['residence_permit', '830000199201300022', undefined],
    ['residence_permit', '11010519491231002X', 'permit_area'],
    ['residence_permit', checked('81000119940823002'), 'permit_area'],
    ['residence_permit', '110105491231002', 'id_length'],
    ['residence_permit', '810000199408230022', 'id_check_digit'],
    ['passport', 'E12345678', undefined],
    ['passport', 'EA1234567', undefined],
    ['passport', '12345', undefined],
    ['passport', '1234', 'passport_format'],
    ['passport', 'E123456789', 'passport_format'],
    ['passport', 'e1234567', 'passport_format'],
    ['passport', '护照1234', 'passport_format'],
    ['permanent_resident_card', 'USA123456789012', undefined],
    ['permanent_resident_card', 'US1234567890123', 'card_format'],
    ['permanent_resident_card', checked('91184019900101001'), undefined],
    ['permanent_resident_card', checked('11010519491231002'), 'card_format'],
    ['permanent_resident_card', '91184019900101001', 'card_format'],
  ] as const)('%s %s breaks %s', (kind, number, code) => expect(fault(kind, number)).toBe(code));

  test('that is right has no fault and tells its birthday', () => {
    const kinds = fc.oneof(
      residentId.map((n) => ['resident_id', n] as const),
      permit.map((n) => ['residence_permit', n] as const),
    );
    fc.assert(
      fc.property(kinds, ([kind, number]) => {
        expect(fault(kind, number)).toBeUndefined();
        expect(birthDayOf(kind, number)?.replaceAll('-', '')).toBe(number.slice(6, 14));
      }),
    );
  });
  test('with any one digit changed, or two neighbours exchanged, is refused by its check digit', () => {
    fc.assert(
      fc.property(residentId, fc.nat(17), fc.constantFrom(...'0123456789'), (number, at, digit) => {
        fc.pre(number[at] !== digit);
        expect(fault('resident_id', number.slice(0, at) + digit + number.slice(at + 1))).toBe('id_check_digit');
      }),
    );
    fc.assert(
      fc.property(residentId, fc.nat(15), (number, at) => {
        fc.pre(number[at] !== number[at + 1]);
        const exchanged = `${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`;
        expect(fault('resident_id', exchanged)).toBe('id_check_digit');
      }),
    );
  });
  test.each([
    ['passport', 'E12345678'],
    ['permanent_resident_card', checked('91184019900101001')],
    ['resident_id', '11010519490229002X'],
  ] as const)('of %s %s tells no birthday', (kind, number) => expect(birthDayOf(kind, number)).toBeUndefined());

  test.each([
    ['resident_id', ' 110105 19491231 002x ', '11010519491231002X'],
    ['resident_id', '１１０１０５１９４９１２３１００２ｘ', '11010519491231002X'],
    ['resident_id', '110105-19491231–002×', '11010519491231002X'],
    ['passport', 'e 1234 5678', 'E12345678'],
    ['permanent_resident_card', 'usa-1234\u30005678 9012', 'USA123456789012'],
  ] as const)('%s written as %s is %s', (kind, written, number) => expect(normaliseIdentity(kind, written)).toBe(number));

  test('normalised twice is as normalised once', () => {
    const typed = fc.string({ unit: fc.constantFrom(...'0１9ｘXx×- \u3000–Ａb') });
    fc.assert(
      fc.property(fc.constantFrom(...identityKinds), typed, (kind, written) => {
        const once = normaliseIdentity(kind, written);
        expect(normaliseIdentity(kind, once)).toBe(once);
      }),
    );
  });
});

describe('below fourteen', () => {
  test.each([
    ['2012-11-24', false],
    ['2012-11-25', true],
    ['2026-11-24', true],
    ['1949-12-31', false],
  ])('is one born on %s: %s', (birthDay, under) => expect(isUnder14(birthDay, today)).toBe(under));
  test.each([
    ['2022-02-28', true],
    ['2022-03-01', false],
  ])('is a child of 29 February 2008 on %s: %s', (day, under) => expect(isUnder14('2008-02-29', day)).toBe(under));
  test('ends once, in the days about the fourteenth birthday', () => {
    fc.assert(
      fc.property(anyDay, fc.nat(7000), (birthDay, days) => {
        const day = addDays(birthDay, days);
        if (days < 14 * 365) expect(isUnder14(birthDay, day)).toBe(true);
        if (days > 14 * 366) expect(isUnder14(birthDay, day)).toBe(false);
        if (isUnder14(birthDay, addDays(day, 1))) expect(isUnder14(birthDay, day)).toBe(true);
      }),
    );
  });
});
