import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from '../../functions/platform/ports.js';
import { databaseFile, startEngine } from './engine.js';
import { FolderHeld, hold, holderOf } from './lock.js';
import { outbox } from './outbox.js';
import { localPorts } from './ports.js';
import { settings } from './settings.js';
import { createTables } from './tables.js';
import { weChatAccount, weChatAt } from './wechat/account.js';
import { startWeChat } from './wechat/stand-in.js';

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
  const use = async (endpoint: string, wechat?: string) => {
    const box = outbox(dataDir, now);
    // Beside a running service its stand-in for WeChat is there; otherwise this command has one for as long as it runs.
    const own = wechat ? undefined : await startWeChat({ port: 0, ...weChatAccount, now, onTemplate: box.keepTemplate });
    const ports = localPorts(endpoint, dataDir, { messages: box.messages, wechat: weChatAt(wechat ?? own?.url ?? '') }, now);
    try {
      await createTables(ports.db);
      return await work(ports);
    } finally {
      ports.db.destroy();
      await own?.stop();
    }
  };
  const holder = await holderOf(dataDir);
  const running = given ?? holder?.endpoint;
  if (running) return use(running, holder?.wechat);
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
