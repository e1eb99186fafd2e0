import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** Something asked of the service. While it is asked again, what was there stays in sight. */
export interface Load<Value> {
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  again(): Promise<void>;
  /** Puts what is already known in its place, such as a page added to a list. */
  put(value: Value): void;
}

/** Asks on arrival and whenever `of` changes, which names what is asked for. A late answer to an earlier question is dropped. */
export function useLoad<Value>(of: string, ask: () => Promise<Value>): Load<Value> {
  const [shown, setShown] = useState<{ of: string; value?: Value; error?: unknown; busy: boolean }>({ of, busy: true });
  const asked = useRef(0);
  const asking = useRef(ask);
  asking.current = ask;

  const again = useCallback(async () => {
    const turn = ++asked.current;
    setShown((before) => (before.of === of ? { ...before, error: undefined, busy: true } : { of, busy: true }));
    try {
      const value = await asking.current();
      if (turn === asked.current) setShown({ of, value, busy: false });
    } catch (error) {
      if (turn === asked.current) setShown({ of, error, busy: false });
    }
  }, [of]);
  useEffect(() => {
    void again();
  }, [again]);

  const put = useCallback((value: Value) => setShown({ of, value, busy: false }), [of]);
  const current = shown.of === of ? shown : { of, busy: true };
  return { value: current.value, error: current.error, busy: current.busy, again, put };
}
