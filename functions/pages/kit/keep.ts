/** What the browser keeps for a page. A full or forbidden storage costs the convenience, never the page. */
export function kept(storage: Storage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(storage: Storage, key: string, value: unknown): void {
  try {
    if (value === undefined) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows of some phones refuse to store anything.
  }
}

/** Forgets whatever begins so, as at sign-out on a phone that several people use. */
export function forget(storage: Storage, prefix: string): void {
  try {
    for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
  } catch {
    // As above.
  }
}
