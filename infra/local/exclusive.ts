import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is done under a lock takes milliseconds: a lock of this age was left behind. */
const staleMs = 10_000;
const mostWaitMs = 15_000;

const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const failedBy = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code;
const unique = () => `${process.pid}.${randomBytes(6).toString('hex')}`;

/** Does something to a file that one process at a time may do. `mine` throws where the lock was lost, before harm is done. */
export function exclusively<T>(file: string, work: (mine: () => void) => T): T {
  const lock = `${file}.lock`;
  const me = unique();
  const until = Date.now() + mostWaitMs;
  while (!taken(lock, me)) {
    takeAwayStale(lock);
    if (Date.now() > until) throw new Error(`${file} is being changed by another process (${lock})`);
    pause(5 + Math.random() * 20);
  }
  try {
    return work(() => {
      if (holderOf(lock) !== me) throw new Error(`${file} was not changed: this took so long that another process went on`);
    });
  } finally {
    if (holderOf(lock) === me) rmSync(lock, { force: true });
  }
}

/** Puts another text in the place of a file's: whoever reads it sees all of the old one or all of the new, a power cut too. */
export function replaceFile(file: string, text: string, mode: number, mine: () => void): void {
  const beside = `${file}.${unique()}.new`;
  try {
    const fd = openSync(beside, 'wx', mode);
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    mine();
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function taken(lock: string, me: string): boolean {
  try {
    writeFileSync(lock, me, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (failedBy(error, 'EEXIST')) return false;
    throw error;
  }
}

function holderOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (failedBy(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A lock whose process has died, or that is older than any work. Two may see it: what is moved aside is looked at again. */
function takeAwayStale(lock: string): void {
  if (!isStale(lock)) return;
  const aside = `${lock}.${unique()}`;
  try {
    renameSync(lock, aside);
    // Another one was faster, and this is its lock: it goes back, unless its place has been taken.
    if (!isStale(aside)) linkSync(aside, lock);
  } catch (error) {
    if (!failedBy(error, 'ENOENT') && !failedBy(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isStale(lock: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs > staleMs) return true;
  } catch (error) {
    if (failedBy(error, 'ENOENT')) return false;
    throw error;
  }
  const pid = Number(holderOf(lock)?.split('.')[0]);
  // One that has just been made and holds nothing yet.
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return failedBy(error, 'ESRCH');
  }
}
