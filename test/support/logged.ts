import { afterAll, beforeAll } from 'vitest';

/** Everything the service logs while the tests of a file run, down to its access lines. */
export function useLog(): { readonly lines: string[] } {
  const log = { lines: [] as string[] };
  const { write } = process.stdout;
  const level = process.env.LOG_LEVEL;
  beforeAll(() => {
    process.env.LOG_LEVEL = 'info';
    process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      if (!text.startsWith('{"level":')) return write.call(process.stdout, chunk, ...rest);
      log.lines.push(text);
      return true;
    }) as typeof write;
  });
  afterAll(() => {
    process.stdout.write = write;
    process.env.LOG_LEVEL = level;
  });
  return log;
}
