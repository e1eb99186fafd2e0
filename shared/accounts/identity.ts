/** What a person may prove their identity by; the first two are Chinese citizens' own numbers. */
export const identityKinds = ['resident_id', 'residence_permit', 'passport', 'permanent_resident_card'] as const;
export type IdentityKind = (typeof identityKinds)[number];

export interface WrittenIdentity {
  readonly kind: IdentityKind;
  /** As `normaliseIdentity` leaves it. */
  readonly number: string;
  /** The city's day. */
  readonly today: string;
}

/** GB 11643-1999: the check character over the first seventeen digits (ISO 7064, MOD 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';
export const checkCharacterOf = (body: string) =>
  checkCharacters[weights.reduce((sum, weight, i) => sum + weight * Number(body[i]), 0) % 11];
const checkHolds = (number: string) => checkCharacterOf(number) === number[17];

/** Province-level codes of GB/T 2260. Numbers are given for life, so only what never changes is asked of the rest. */
const provinces = new Set(
  [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71].map(
    String,
  ),
);
const taiwan = '710000';

/** 港澳台居民居住证申领发放办法 (国办发〔2018〕81号), article 3: Hong Kong, Macao, Taiwan. */
const permitAreas = ['810000', '820000', '830000'];

/** No one alive was born before; a number that says so was mistyped or made up. */
const firstBirthDay = '1900-01-01';

/** A number as people write it, in the form it is checked, kept and looked up in: full width, spaces, hyphens and case are gone. */
export function normaliseIdentity(kind: IdentityKind, written: string): string {
  const plain = written
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\u2212]/gu, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
  // A keyboard of digits offers × where the last character is X.
  return kind === 'passport' ? plain : plain.replace(/×$/, 'X');
}

/** The rule that a number breaks, or nothing. Whether the document exists, only its issuer knows. */
export function identityFaultOf({ kind, number, today }: WrittenIdentity): string | undefined {
  if (kind === 'passport') return passportFault(number);
  if (kind === 'permanent_resident_card') return cardFault(number);
  // First-generation cards: 居民身份证法 as amended in 2011 ends their use on 2013-01-01.
  if (kind === 'resident_id' && /^\d{15}$/.test(number)) return 'id_old_15_digits';
  if (number.length !== 18) return 'id_length';
  if (!/^\d{17}[\dX]$/.test(number)) return 'id_characters';
  // Before the rest, since a slip of a finger shows here whichever digit it hit.
  if (!checkHolds(number)) return 'id_check_digit';
  const area = number.slice(0, 6);
  if (kind === 'residence_permit' && !permitAreas.includes(area)) return 'permit_area';
  if (kind === 'resident_id' && !isCounty(area)) return 'id_area';
  const born = birthDayOf(kind, number);
  return born && firstBirthDay <= born && born <= today ? undefined : 'id_birth_date';
}

/** GB 11643 writes the county of first registration, so never a whole province; Taiwan alone has no counties in GB/T 2260. */
const isCounty = (area: string) => provinces.has(area.slice(0, 2)) && (area.slice(2) !== '0000' || area === taiwan);

/** ICAO 9303 gives a passport number at most nine letters and digits (Chinese ones have nine). Below five none is known: confidence medium. */
const passportFault = (number: string) => (/^[A-Z\d]{5,9}$/.test(number) ? undefined : 'passport_format');

/**
 * 外国人永久居留身份证. The 2017 form has three letters and twelve digits. Since 2023-12-01: seventeen digits that begin
 * with 9, and a check character as in GB 11643 (国家移民管理局's notice to those who read the cards, as repeated by a maker of
 * readers; confidence medium-high). What lies between is not checked: its layout was not read at its source.
 */
function cardFault(number: string): string | undefined {
  if (/^[A-Z]{3}\d{12}$/.test(number)) return undefined;
  if (!/^9\d{16}[\dX]$/.test(number)) return 'card_format';
  return checkHolds(number) ? undefined : 'id_check_digit';
}

/** The birthday that a number tells. Passports tell none, and permanent residents' cards none that is read here. */
export function birthDayOf(kind: IdentityKind, number: string): string | undefined {
  if (kind !== 'resident_id' && kind !== 'residence_permit') return undefined;
  const [, year, month, date] = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/.exec(number) ?? [];
  const day = `${year}-${month}-${date}`;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}

/**
 * PIPL 28 and 31: a person below fourteen decides through a guardian. Whoever has their fourteenth birthday is fourteen on
 * it. Compared as text: a child of 29 February has no such day in the fourteenth year and is fourteen on 1 March, the
 * later of the two readings, which protects a day longer.
 */
export function isUnder14(birthDay: string, today: string): boolean {
  return today < `${String(Number(birthDay.slice(0, 4)) + 14).padStart(4, '0')}${birthDay.slice(4)}`;
}

/** Is it known, by a document, that its holder is under fourteen? */
export function isChildBy(document: Pick<WrittenIdentity, 'kind' | 'number'> | undefined, today: string): boolean {
  const birthDay = document && birthDayOf(document.kind, document.number);
  return birthDay !== undefined && isUnder14(birthDay, today);
}
