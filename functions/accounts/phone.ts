import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import { Failure } from '../../shared/http/failures.js';

/** A mobile number as people write it, mainland unless it says otherwise, in E.164. */
export function phoneOf(written: string): string {
  const number = parsePhoneNumberFromString(written.normalize('NFKC'), 'CN');
  if (!number?.isValid()) throw new Failure('invalid_request', { fields: [{ path: 'phone', code: 'invalid_phone' }] });
  return number.number;
}
