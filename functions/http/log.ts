/** One JSON line an event. Fields are codes, counts and ids of records; never a name, a phone, a label or a token. */
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

const order = { info: 0, warn: 1, error: 2 } as const;

export function log(level: keyof typeof order, event: string, fields: Fields = {}): void {
  if (order[level] < (order[process.env.LOG_LEVEL as keyof typeof order] ?? order.info)) return;
  process.stdout.write(`${JSON.stringify({ level, event, at: new Date().toISOString(), ...fields })}\n`);
}

/** What went wrong inside, for whoever mends it: personal fields are sealed before they reach what throws here. */
export function logFault(event: string, error: unknown, fields: Fields = {}): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  log('error', event, { ...fields, name, message, stack });
}
