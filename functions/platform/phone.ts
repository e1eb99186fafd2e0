import { type MetadataJson, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import { Failure } from '../../shared/http/failures.js';
import regions from './phone-regions.json' with { type: 'json' };

/**
 * A mobile number as people write it, mainland unless it says otherwise, in E.164. Numbers of the mainland, Hong Kong,
 * Macao and Taiwan sign in: the library's data for every other country weighs more than the rest of the function's own
 * code, and a domestic message gateway reaches none of them.
 */
export function phoneOf(written: string, path = 'phone'): string {
  const plain = written.normalize('NFKC').trim();
  // The library passes over what it does not know; a number with something hidden in it is not taken for another.
  const number = /^[+(\d][\d\s().-]*$/.test(plain)
    ? parsePhoneNumberFromString(plain, { defaultCountry: 'CN' }, regions as unknown as MetadataJson)
    : undefined;
  if (!number?.isValid()) throw new Failure('invalid_request', { fields: [{ path, code: 'invalid_phone' }] });
  return number.number;
}
