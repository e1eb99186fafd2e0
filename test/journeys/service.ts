import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Running, startService } from '../../infra/local/service.js';
import type { ServiceContract } from '../../shared/catalog.js';
import { type Call, createClient } from '../../shared/http/client.js';
import type { Role } from '../../shared/http/contract.js';
import { codeFor, noBrowser } from './browser.js';

export interface Town {
  readonly url: () => string;
  /** Where the stand-in for WeChat asks who opens a page. */
  readonly wechatUrl: () => string;
  /** The phone of a demo account: each test takes one of its own, since a phone gets only so many codes. */
  readonly phoneOf: (role: Role, nth?: number) => string;
  /** Calls the service beside the page, as someone else would. */
  readonly callAs: (phone: string) => Promise<Call<ServiceContract>>;
}

/** The local service with its pages for the tests of a file, on today's date, seeded unless the journey needs no city. */
export function useTown({ seed = true }: { seed?: boolean } = {}): Town {
  let service: Running | undefined;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gongzhi-town-'));
  beforeAll(async () => {
    if (noBrowser) return;
    if (seed) cpSync(inject('demoCity'), dataDir, { recursive: true });
    service = await startService({ port: 0, dataDir, seed, pages: true });
  }, 180_000);
  afterAll(async () => {
    await service?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const running = () => {
    if (!service) throw new Error('The service does not run');
    return service;
  };
  return {
    url: () => running().url,
    wechatUrl: () => running().wechat.url,
    phoneOf(role, nth = 0) {
      const found = running().accounts.filter((account) => account.role === role)[nth];
      if (!found) throw new Error(`The demo city has no ${role} number ${nth}`);
      return found.phone;
    },
    async callAs(phone) {
      const origin = running().url;
      const anonymous = createClient<ServiceContract>({ origin });
      await anonymous('POST /v1/sign-in/codes', { body: { phone } });
      const { accessToken } = await anonymous('POST /v1/sign-in', { body: { phone, code: await codeFor(origin, phone) } });
      return createClient<ServiceContract>({ origin, token: () => accessToken });
    },
  };
}
