import type { ComponentChildren } from 'preact';
import { reasonOf } from './faults.js';
import { IconWarning } from './icons.js';
import type { Load } from './load.js';
import { useWords } from './preferences.js';
import { kitWords } from './words.js';

interface Props<Value> {
  readonly of: Load<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

/** Something asked of the service, in its three states. What was there before a failed repeat gives way to the failure. */
export function Loaded<Value>({ of, children }: Props<Value>) {
  const words = useWords(kitWords);
  if (of.error !== undefined) return <Failed reason={reasonOf(of.error, words)} again={of.again} />;
  if (of.value === undefined) return <Waiting />;
  return (
    <div class="loaded" aria-busy={of.busy}>
      {children(of.value)}
    </div>
  );
}

export function Waiting() {
  const words = useWords(kitWords);
  return (
    <p class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      {words.loading}
    </p>
  );
}

export function Failed({ reason, again }: { reason: string; again: () => void }) {
  const words = useWords(kitWords);
  return (
    <div class="failed" role="alert">
      <p class="failed__title">
        <IconWarning />
        {words.failed}
      </p>
      <p>{reason}</p>
      <button type="button" class="weui-btn weui-btn_default" onClick={again}>
        {words.again}
      </button>
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
