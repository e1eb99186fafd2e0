import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient, type DynamoDBClientConfig, ListTablesCommand } from '@aws-sdk/client-dynamodb';

/** What a client needs to reach a database on this machine. */
export const localClient = (endpoint: string): DynamoDBClientConfig => ({
  endpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

export interface Engine {
  readonly endpoint: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the embedded DynamoDB on a free port: on a file, or in memory where none is named. */
export async function startEngine(file?: string): Promise<Engine> {
  const binary = engineBinary();
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), ...(file ? ['--db-path', file] : [])];
  // The engine outlives a parent that is killed. So a shell stands between: when this process goes, in whatever way,
  // the pipe to the shell closes, and the shell takes the engine along. It has a group of its own, so that Ctrl-C
  // reaches only this process, which stops the engine last.
  const script = '"$0" "$@" & engine=$!; trap "kill $engine" TERM; cat >/dev/null; kill $engine; wait $engine';
  const child = spawn('/bin/sh', ['-c', script, binary, ...args], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await ready(endpoint, child);
  } catch (error) {
    child.stdin?.end();
    throw error;
  }
  return {
    endpoint,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.stdin?.end();
      }),
  };
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
