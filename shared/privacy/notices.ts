import type { Language } from '../http/problem.js';
import { type Basis, bases, everywhere } from './notice-texts/everywhere.js';
import { eventReminders, lostDogContact, photoUse } from './notice-texts/optional.js';
import { registration, sortingRecord } from './notice-texts/required.js';
import { type Purpose, purposes } from './purposes.js';
import { keptWords, type RetentionClass } from './retention.js';

export { type Purpose, purposes };

/** PIPL 17: what is used, why and on which ground, how long and where it is kept and who sees it, and one's rights. */
export interface NoticeText {
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly kept: string;
  readonly withdraw: string;
}

/** One version as it is written down. A published one is never edited: what changes is a version more, from a later day. */
export interface Draft {
  readonly version: number;
  readonly fromDay: string;
  readonly basis: readonly Basis[];
  /** Refusing it blocks nothing else (PIPL 16). */
  readonly optional: boolean;
  readonly retention: RetentionClass;
  readonly alsoKept: readonly RetentionClass[];
  readonly words: Readonly<Record<Language, Pick<NoticeText, 'title' | 'what' | 'why'>>>;
}

export interface Notice extends Omit<Draft, 'words'> {
  readonly purpose: Purpose;
  readonly text: Readonly<Record<Language, NoticeText>>;
}

const drafts: Readonly<Record<Purpose, readonly Draft[]>> = {
  registration,
  sorting_record: sortingRecord,
  event_reminders: eventReminders,
  lost_dog_contact: lostDogContact,
  photo_use: photoUse,
};

/** The whole text. Periods come from the retention data, so that a notice cannot promise another. */
function textOf(draft: Draft, language: Language): NoticeText {
  const all = everywhere[language];
  const join = (...sentences: string[]) => sentences.join(language === 'en' ? ' ' : '');
  const { title, what, why } = draft.words[language];
  return {
    title,
    what,
    why: join(why, all.basis(draft.basis.map((basis) => bases[basis][language])), all.controller),
    kept: join(...[draft.retention, ...draft.alsoKept].map((name) => keptWords(name, language)), all.staff),
    withdraw: join(draft.optional ? all.optional : all.duty, all.rights, all.children, all.changes),
  };
}

/** Every version of every notice, oldest first: what somebody agreed to years ago can still be read. */
export const notices: readonly Notice[] = purposes.flatMap((purpose) =>
  drafts[purpose].map((draft) => {
    const { words: _, ...facts } = draft;
    return { purpose, ...facts, text: { 'zh-CN': textOf(draft, 'zh-CN'), en: textOf(draft, 'en') } };
  }),
);

/** The newest version that holds on a day; without one, nothing may be done for the purpose. */
export function noticeInForce(purpose: Purpose, day: string, among: readonly Notice[] = notices): Notice | undefined {
  return among.filter((notice) => notice.purpose === purpose && notice.fromDay <= day).at(-1);
}
