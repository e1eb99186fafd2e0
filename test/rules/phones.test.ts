import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { phoneOf } from '../../functions/platform/phone.js';
import regions from '../../functions/platform/phone-regions.json' with { type: 'json' };

describe('a phone number', () => {
  test.each([
    ['138 0013 8000', '+8613800138000'],
    ['+86 138-0013-8000', '+8613800138000'],
    ['0086 13800138000', '+8613800138000'],
    ['１３８００１３８０００', '+8613800138000'],
    ['+852 9123 4567', '+85291234567'],
    ['+853 6612 3456', '+85366123456'],
    ['+886 912 345 678', '+886912345678'],
  ])('%s is %s', (written, e164) => expect(phoneOf(written)).toBe(e164));

  test.each([
    '',
    '1380013800',
    '0755 8888 8888',
    '+852 2123 4567',
    '+1 212 555 0100',
    '12345678901',
    'phone',
    '138001380001',
    '13800138000\u0000',
    '13800138000\ue000',
    '138001\u200b38000',
  ])('%s is no mobile number of the mainland, Hong Kong, Macao or Taiwan', (written) =>
    expect(() => phoneOf(written)).toThrow(expect.objectContaining({ code: 'invalid_request' })),
  );

  test('is judged by the data of the library that is installed', () => {
    interface Metadata {
      readonly version: number;
      readonly countries: Record<string, unknown>;
      readonly country_calling_codes: Record<string, unknown>;
    }
    const whole = createRequire(import.meta.url)('libphonenumber-js/metadata.mobile.json') as Metadata;
    expect(regions.version).toBe(whole.version);
    for (const [region, data] of Object.entries(regions.countries)) expect(data, region).toEqual(whole.countries[region]);
    for (const [code, of] of Object.entries(regions.country_calling_codes)) expect(of, code).toEqual(whole.country_calling_codes[code]);
  });
});
