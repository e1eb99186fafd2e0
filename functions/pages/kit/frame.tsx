import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.js';
import { reasonOf } from './faults.js';
import { phoneWords } from './figures.js';
import { useHeld } from './held.js';
import { IconBack, IconMark } from './icons.js';
import { enlarge, language, largeText, speak, useWords } from './preferences.js';
import { session, signOut } from './session.js';
import { kitWords } from './words.js';

interface Props {
  readonly title: string;
  /** Where the arrow beside the title leads. */
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A page that has just been loaded begins at its top; a view that comes later takes the focus to its title. */
let arrived = false;

/** The page around a view: whose service it is, language and text size, the view's title, and who is signed in. */
export function Frame({ title, back, wide = false, children }: Props) {
  const words = useWords(kitWords);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} - ${words.service}`;
  }, [title, words]);
  useEffect(() => {
    if (arrived) heading.current?.focus();
    arrived = true;
  }, []);
  return (
    <div class={wide ? 'page page_wide' : 'page'}>
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        {words.skip}
      </button>
      <header class="bar">
        <a class="bar__mark" href="/">
          <IconMark />
          {words.service}
        </a>
        <Preferences />
      </header>
      <main id="main">
        {back && (
          <a class="back" href={back.href}>
            <IconBack />
            {back.label}
          </a>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <Account />
    </div>
  );
}

function Preferences() {
  const words = useWords(kitWords);
  const large = useHeld(largeText);
  const other = useHeld(language) === 'en' ? 'zh-CN' : 'en';
  return (
    <div class="bar__tools">
      <button type="button" class="tool" aria-pressed={large} onClick={() => enlarge(!large)}>
        {words.largeText}
      </button>
      <button type="button" class="tool" lang={other} onClick={() => speak(other)}>
        {words.switchLanguage}
      </button>
    </div>
  );
}

function Account() {
  const words = useWords(kitWords);
  const now = useHeld(session);
  const [failed, setFailed] = useState<unknown>();
  if (now.state !== 'in') return null;
  const leave = () => {
    setFailed(undefined);
    signOut().catch(setFailed);
  };
  return (
    <footer class="account">
      <p>{[now.person.name, words.roles[now.person.role], phoneWords(now.person.phone)].filter(Boolean).join(' · ')}</p>
      {failed !== undefined && <p role="alert">{reasonOf(failed, words)}</p>}
      <Button kind="default" onClick={leave}>
        {words.signOut}
      </Button>
    </footer>
  );
}
