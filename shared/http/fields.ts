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

/** A reason, which may have lines. */
export const Lines = (most: number) => written(most, /[^\P{Cc}\n\r\t]/u);
