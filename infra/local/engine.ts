import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient, type DynamoDBClientConfig, ListTablesCommand } from '@aws-sdk/client-dynamodb';

/** The embedded database's file in a data folder. */
export const databaseFile = 'gongzhi.db';

/** What a client needs to reach a database: on this machine any name will do, at AWS the environment's own. */
export const localClient = (endpoint: string): DynamoDBClientConfig =>
  /\.amazonaws\.com(\.cn)?\/?$/.test(endpoint)
    ? { endpoint }
    : { endpoint, region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export interface Engine {
  readonly endpoint: string;
  readonly pid: number;
  /** Settles when the engine ends without having been stopped. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The engine outlives a parent that is killed. So a shell stands between: when this process goes, in whatever way, the
 * pipe to the shell closes and the engine is ended; when the engine goes, so does the shell. The engine's own number
 * comes back on the fourth stream.
 */
const script =
  '"$0" "$@" >/dev/null 2>&1 3>&- & engine=$!; echo $engine >&3; exec 3>&- 4<&0; (cat <&4 >/dev/null; kill $engine) & wait $engine';

/** Starts the embedded DynamoDB on a free port: on a file, or in memory where none is named. */
export async function startEngine(file?: string): Promise<Engine> {
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), ...(file ? ['--db-path', file] : [])];
  // A group of its own, so that Ctrl-C reaches only this process, which stops the engine last.
  const child = spawn('/bin/sh', ['-c', script, engineBinary(), ...args], { stdio: ['pipe', 'ignore', 'ignore', 'pipe'], detached: true });
  const endpoint = `http://127.0.0.1:${port}`;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let stopping = false;
  const stop = () => {
    stopping = true;
    child.stdin?.end();
    return ended;
  };
  try {
    const pid = Number(await firstLine(child.stdio[3] as NodeJS.ReadableStream));
    await ready(endpoint, child);
    return { endpoint, pid, stop, lost: new Promise((resolve) => ended.then(() => stopping || resolve())) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text.trim();
}

function engineBinary(): string {
  try {
    const binary = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
    if (existsSync(binary) && process.platform === 'linux' && process.arch === 'x64') return binary;
  } catch {
    // not installed here
  }
  throw new Error(
    `The embedded DynamoDB is built for linux-x64 and this is ${process.platform}-${process.arch}. ` +
      'Start DynamoDB Local, or name another DynamoDB, and set DYNAMODB_ENDPOINT to its address.',
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function ready(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (child.exitCode !== null) throw new Error(`The embedded DynamoDB ended at once (exit ${child.exitCode})`);
    if (await answers(endpoint)) return;
    await wait(20);
  }
  throw new Error('The embedded DynamoDB did not answer within five seconds');
}

/** Is there a DynamoDB at this address? */
export async function answers(endpoint: string): Promise<boolean> {
  const client = new DynamoDBClient({ ...localClient(endpoint), maxAttempts: 1 });
  try {
    await client.send(new ListTablesCommand({}), { abortSignal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}
