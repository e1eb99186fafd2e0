import { fileURLToPath } from 'node:url';

// The engine's client would say on every start which Node version it will want next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// What is written here is nobody else's: the database, the key, the outbox.
process.umask(0o077);
// On a terminal the access lines of a laptop's service are noise.
process.env.LOG_LEVEL ??= 'warn';

const portOf = (text: string) => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT must be a number from 0 to 65535, not "${text}"`);
  return port;
};

/** What the environment says: PORT, DATA_DIR, DYNAMODB_ENDPOINT. */
export const settings = () => ({
  port: portOf(process.env.PORT || '3000'),
  dataDir: process.env.DATA_DIR || fileURLToPath(new URL('../../.local', import.meta.url)),
  endpoint: process.env.DYNAMODB_ENDPOINT || undefined,
});

/** Ends a command that cannot go on, with a sentence instead of a stack. */
export function giveUp(error: unknown): never {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
