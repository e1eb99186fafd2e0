import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from '../../functions/platform/ports.js';
import { databaseFile, startEngine } from './engine.js';
import { FolderHeld, hold, holderOf } from './lock.js';
import { outbox } from './outbox.js';
import { localPorts } from './ports.js';
import { settings } from './settings.js';
import { createTables } from './tables.js';

/**
 * For a command: the ports of the local service, through the one that runs or, where none does, on an engine of its own.
 * Unless `create` says so, only on data that is there: an empty database that a job has closed weeks of is no demo.
 */
export async function withLocalPorts<T>(work: (ports: Ports) => Promise<T>, { create = false } = {}): Promise<T> {
  const { dataDir, endpoint: given } = settings();
  if (!given && !create && !existsSync(join(dataDir, databaseFile))) {
    throw new Error(`There is no data in ${dataDir} yet. Start the service first: npm start`);
  }
  mkdirSync(dataDir, { recursive: true });
  const now = () => new Date();
  const use = async (endpoint: string) => {
    const ports = localPorts(endpoint, dataDir, { messages: outbox(dataDir, now).messages }, now);
    try {
      await createTables(ports.db);
      return await work(ports);
    } finally {
      ports.db.destroy();
    }
  };
  const holder = await holderOf(dataDir);
  const running = given ?? holder?.endpoint;
  if (running) return use(running);
  if (holder) throw new FolderHeld(dataDir, holder);

  const lock = await hold(dataDir);
  try {
    const engine = await startEngine(join(dataDir, databaseFile));
    lock.update({ enginePid: engine.pid, endpoint: engine.endpoint });
    try {
      return await use(engine.endpoint);
    } finally {
      await engine.stop();
    }
  } finally {
    lock.release();
  }
}
