import * as z from 'zod/mini';

/** An id made by whoever creates the record. In lower case, since the same id in capitals is the same id. */
export const Id = z.uuid().check(z.toLowerCase());

/** Is there anything to see? Marks, fillers and format characters alone print nothing. */
export const isVisible = (text: string) => /[^\p{M}\p{C}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u.test(text);

/** Text as people write it: trimmed, with something to see in it, and without control characters. */
const written = (most: number, control: RegExp) =>
  z.string().check(
    z.trim(),
    z.minLength(1),
    z.maxLength(most),
    z.refine((text) => !control.test(text), { error: 'control_characters' }),
    z.refine((text) => text === '' || isVisible(text), { error: 'nothing_visible' }),
  );

/** A name or a label. */
export const Line = (most: number) => written(most, /\p{Cc}/u);

/** Notes and texts, which may have lines. */
export const Lines = (most: number) => written(most, /[^\P{Cc}\n\r\t]/u);

/** A mobile number or the number of a document, however spaced. */
const personalNumber = /(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)/;

/** A reason goes on record, where it stays for years and in clear: numbers of people have no place in it. */
export const Reason = (most: number) =>
  Lines(most).check(
    z.refine((text) => !personalNumber.test(text.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '')), { error: 'personal_number' }),
  );
