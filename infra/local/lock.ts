import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answers } from './engine.js';

/** Who runs the service on a data folder. Two engines on one file would lose what each other writes. */
export interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly enginePid?: number;
  /** The database's address, and the service's, once they are up. */
  readonly endpoint?: string;
  readonly url?: string;
  /** Its stand-in for WeChat. */
  readonly wechat?: string;
}

const fileOf = (dataDir: string) => join(dataDir, 'lock.json');

const isAlive = (pid: number | undefined) => {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

function read(dataDir: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Who holds the folder now, if anyone does: a process that is there and whose database answers, or that is just starting. */
export async function holderOf(dataDir: string): Promise<Holder | undefined> {
  const holder = read(dataDir);
  if (!holder || !isAlive(holder.pid)) return undefined;
  // A process number may have gone to another process since: ask the database.
  if (holder.endpoint) return (await answers(holder.endpoint)) ? holder : undefined;
  return Date.now() - Date.parse(holder.startedAt) < 60_000 ? holder : undefined;
}

export class FolderHeld extends Error {
  constructor(
    dataDir: string,
    readonly holder: Holder,
  ) {
    super(
      `The data in ${dataDir} is in use: process ${holder.pid} ${holder.url ? `serves it at ${holder.url}` : 'is using it'} ` +
        `(since ${holder.startedAt}). Stop that one first, or name another folder with DATA_DIR.`,
    );
  }
}

/** Takes the folder, or throws `FolderHeld`. A lock that a killed process left is taken over once its engine is gone. */
export async function hold(dataDir: string): Promise<{ update(facts: Partial<Holder>): void; release(): void }> {
  mkdirSync(dataDir, { recursive: true });
  let mine: Holder = { pid: process.pid, startedAt: new Date().toISOString() };
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(fileOf(dataDir), JSON.stringify(mine), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === 5) throw error;
      const holder = await holderOf(dataDir);
      if (holder) throw new FolderHeld(dataDir, holder);
      await engineGone(read(dataDir)?.enginePid);
      rmSync(fileOf(dataDir), { force: true });
    }
  }
  return {
    update(facts) {
      mine = { ...mine, ...facts };
      writeFileSync(fileOf(dataDir), JSON.stringify(mine));
    },
    release() {
      if (existsSync(fileOf(dataDir)) && read(dataDir)?.pid === process.pid) rmSync(fileOf(dataDir), { force: true });
    },
  };
}

/** An engine notices within moments that its parent was killed. */
async function engineGone(pid: number | undefined): Promise<void> {
  for (let tries = 0; isAlive(pid) && tries < 100; tries++) await wait(50);
}
