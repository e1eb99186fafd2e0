import { useEffect, useState } from 'preact/hooks';

/** A value that outlives the component that shows it: who is signed in, the language, the size of the text. */
export interface Held<Value> {
  get(): Value;
  set(value: Value): void;
  subscribe(listener: () => void): () => void;
}

export function held<Value>(first: Value): Held<Value> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useHeld<Value>(of: Held<Value>): Value {
  const value = of.get();
  const [, redraw] = useState(0);
  useEffect(() => {
    const changed = () => redraw((n) => n + 1);
    if (of.get() !== value) changed(); // between drawing and listening
    return of.subscribe(changed);
  }, [of]);
  return value;
}
