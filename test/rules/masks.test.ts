import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskAddress, maskIdentity, maskName, maskPhone } from '../../shared/accounts/masks.js';

describe('a name', () => {
  test.each([
    ['王小明', '王*明'],
    ['王明', '王*'],
    ['明', '*'],
    ['', '*'],
    ['欧阳小明', '欧*明'],
    ['古丽·阿依木', '古*木'],
    ['王 小 明', '王*明'],
    ['𠮷野家', '𠮷*家'],
    ['蓢𠮷', '蓢*'],
    ['John Smith', 'J***'],
    ['Jo', 'J***'],
    ['J', '*'],
    ['É\u0301lodie', 'É\u0301***'],
    ['Анна Каренина', 'А***'],
  ])('%s is shown as %s', (name, masked) => expect(maskName(name)).toBe(masked));

  test('shows two letters at most, none of the middle, and not how long it is', () => {
    const han = fc.array(fc.constantFrom(...'王李张赵明华丽娜𠮷蓢'), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(han, (letters) => {
        expect(maskName(letters.join(''))).toBe(`${letters[0]}*${letters.at(-1)}`);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][a-z]{1,12}( [A-Z][a-z]{1,12}){0,3}$/), (name) => {
        expect(maskName(name)).toBe(`${name[0]}***`);
      }),
    );
  });
});

describe('a phone number', () => {
  test.each([
    ['+8613800138000', '138****8000'],
    ['13800138000', '138****8000'],
    ['+85291234567', '+852****4567'],
    ['+85366123456', '+853****3456'],
    ['+886912345678', '+886****5678'],
    ['+12125550100', '****0100'],
    ['+8675588888888', '+86****8888'],
    ['12345', '****45'],
    ['1', '****'],
    ['', '****'],
  ])('%s is shown as %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked));

  test('of eight or nine digits shows four at most, of whatever length never more than half or seven', () => {
    fc.assert(
      fc.property(fc.constantFrom('+852', '+853', '+886', '+86', ''), fc.stringMatching(/^\d{1,12}$/), (code, national) => {
        const shown = maskPhone(code + national)
          .replace(/^\+\d+(?=\*)/, '')
          .replace(/\D/g, '');
        expect(shown.length).toBeLessThanOrEqual(national.length === 11 ? 7 : Math.min(4, national.length / 2));
      }),
    );
  });
});

describe('an identity number', () => {
  test.each([
    ['11010519491231002X', '1****************X'],
    ['E12345678', 'E*******8'],
    ['1234', '****'],
    ['', ''],
  ])('%s is shown as %s', (number, masked) => expect(maskIdentity(number)).toBe(masked));
  test('shows its first and last alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z\d]{5,18}$/), (number) => {
        expect(maskIdentity(number).slice(1, -1)).toMatch(/^\*+$/);
      }),
    );
  });
});

test.each([
  [{ areaCode: '440311001005', line: '翠湖路 1 号 3 栋 501' }, '翠湖社区****'],
  [{ areaCode: '440311001005', line: '' }, '翠湖社区'],
  [{ areaCode: '110105', line: '某路 1 号' }, '****'],
])('the address %o is shown as %s', (address, masked) => expect(maskAddress(address)).toBe(masked));
