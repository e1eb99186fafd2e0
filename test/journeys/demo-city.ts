import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import '../../infra/local/settings.js';
import { startService } from '../../infra/local/service.js';
import { noBrowser } from './browser.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A data folder with the demo city of today, to be copied, never used. */
    demoCity: string;
  }
}

/** Seeds the demo city once for all journeys. */
export default async function seedOnce(project: TestProject): Promise<(() => void) | undefined> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gongzhi-demo-'));
  project.provide('demoCity', dataDir);
  if (!noBrowser) {
    const service = await startService({ port: 0, dataDir, seed: true });
    await service.stop();
  }
  return () => rmSync(dataDir, { recursive: true, force: true });
}
