import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vault } from '../../functions/platform/vault.js';
import { fileVault } from '../../infra/local/key-file.js';

/** A vault of its own, whose file is gone once it has been read. */
export function memoryVault(): Vault {
  const dir = mkdtempSync(join(tmpdir(), 'gongzhi-keys-'));
  const vault = fileVault(dir);
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  return vault;
}
