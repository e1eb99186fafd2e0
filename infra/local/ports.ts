import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../functions/database/client.js';
import { keysFrom } from '../../functions/platform/keys.js';
import type { Messages } from '../../functions/platform/messages.js';
import type { Ports } from '../../functions/platform/ports.js';
import { localClient } from './engine.js';
import { localTableNames } from './tables.js';

/** The ports of the service on this machine: the database at an address, keys from a file, messages to the outbox. */
export function localPorts(endpoint: string, dataDir: string, messages: Messages, now: () => Date): Ports {
  return {
    db: connect(localClient(endpoint)),
    tableNames: localTableNames,
    keys: keysFrom(masterSecret(dataDir)),
    messages,
    now,
    newId: randomUUID,
    // The local host speaks plain HTTP, where a browser keeps no Secure cookie.
    secureCookies: false,
  };
}

/** Made once for a data folder, readable by its owner alone: what is sealed in the database opens with it and no other. */
function masterSecret(dataDir: string): string {
  const file = join(dataDir, 'master.key');
  try {
    writeFileSync(file, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
