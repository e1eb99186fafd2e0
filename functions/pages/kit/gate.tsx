import type { ComponentChildren } from 'preact';
import type { Role } from '../../../shared/http/contract.js';
import { Frame } from './frame.js';
import { useHeld } from './held.js';
import { Failed, Waiting } from './loaded.js';
import { useWords } from './preferences.js';
import { open, type Person, session } from './session.js';
import { SignIn } from './sign-in.js';
import { byWeChat } from './wechat.js';
import { kitWords } from './words.js';

interface Props {
  readonly title: string;
  /** Whom the page is for. The service decides by itself; this only spares people a page of refusals. */
  readonly roles: readonly Role[];
  readonly children: (person: Person) => ComponentChildren;
}

/** Lets in who is signed in with a role the page is for, and has everyone else sign in first. */
export function Gate({ title, roles, children }: Props) {
  const words = useWords(kitWords);
  const now = useHeld(session);
  const signInTitle = useHeld(byWeChat) === 'link' ? words.linkTitle : words.signIn;
  if (now.state === 'in' && roles.includes(now.person.role)) return <>{children(now.person)}</>;
  return (
    <Frame title={now.state === 'out' || now.state === 'ended' ? signInTitle : title}>
      {now.state === 'in' && <Elsewhere person={now.person} />}
      {now.state === 'opening' && <Waiting />}
      {now.state === 'unreachable' && <Failed reason={words.unreachable} again={() => void open()} />}
      {now.state === 'ended' && (
        <p class="notice" role="status">
          {words.sessionEnded}
        </p>
      )}
      {(now.state === 'out' || now.state === 'ended') && <SignIn />}
    </Frame>
  );
}

function Elsewhere({ person }: { person: Person }) {
  const words = useWords(kitWords);
  return (
    <div class="notice">
      <p>{words.notForRole(words.roles[person.role])}</p>
      <p>
        <a href="/">{words.toHome}</a>
      </p>
    </div>
  );
}
