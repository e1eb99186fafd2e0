import type { Language } from '../../../shared/http/problem.js';
import { held, useHeld } from './held.js';
import { keep, kept } from './keep.js';

const languageKey = 'gongzhi.language';
const textKey = 'gongzhi.text';

/** Chinese first: a reader asks for English by hand, since the phones here are set to Chinese or to nothing in particular. */
export const language = held<Language>(kept(localStorage, languageKey) === 'en' ? 'en' : 'zh-CN');
export const largeText = held(kept(localStorage, textKey) === 'large');

export function speak(next: Language): void {
  keep(localStorage, languageKey, next);
  language.set(next);
  show();
}

export function enlarge(large: boolean): void {
  keep(localStorage, textKey, large ? 'large' : undefined);
  largeText.set(large);
  show();
}

/** The document says its language and text size, for screen readers and for the style sheet. */
export function show(): void {
  document.documentElement.lang = language.get();
  document.documentElement.dataset.text = largeText.get() ? 'large' : 'usual';
}

/** A dictionary's words in the language in hand. English has every word that Chinese has, or it does not compile. */
export type Dictionary<Words> = Readonly<Record<Language, Words>>;
export const useWords = <Words>(dictionary: Dictionary<Words>): Words => dictionary[useHeld(language)];
