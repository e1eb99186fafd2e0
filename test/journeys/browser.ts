import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** Why no journey can be made on this machine, or nothing. */
export const noBrowser = existsSync(executablePath)
  ? undefined
  : `No browser at ${executablePath}: the journeys are skipped. Name a Chromium in CHROMIUM.`;
if (noBrowser) console.warn(noBrowser);

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const phone = { width: 375, height: 812 };
export const desk = { width: 1440, height: 1000 };

/** A page of a new profile, and whatever it did that it must not: errors, refusals of its own policy, calls elsewhere. */
export interface Visit {
  readonly page: Page;
  readonly misdeeds: readonly string[];
}

/** One browser for the tests of a file; each visit has a profile of its own, new and empty. */
export function useBrowser(home: () => string) {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!noBrowser) browser = await chromium.launch({ executablePath, headless: true, args: quiet });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    async visit(address: string, { viewport = phone }: { viewport?: typeof phone } = {}): Promise<Visit> {
      if (!browser) throw new Error(noBrowser ?? 'The browser does not run');
      const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const misdeeds = watch(page, home());
      await page.goto(home() + address);
      return { page, misdeeds };
    },
  };
}

function watch(page: Page, home: string): string[] {
  const misdeeds: string[] = [];
  page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') misdeeds.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${home}/`) && !request.url().startsWith('data:')) misdeeds.push(`request to ${request.url()}`);
  });
  return misdeeds;
}

/** A refusal that a journey provokes is logged by the browser itself; anything else there would be a fault. */
export const unprovoked = (misdeeds: readonly string[], status: number): string[] =>
  misdeeds.filter((misdeed) => !misdeed.includes(`responded with a status of ${status}`));

/** The newest code that a phone received, as the outbox of the local mode shows it. */
export async function codeFor(home: string, to: string): Promise<string> {
  const response = await fetch(`${home}/local/outbox.json?to=${encodeURIComponent(to)}`);
  const [newest] = (await response.json()) as { code?: string }[];
  if (!newest?.code) throw new Error(`No code was sent to ${to}`);
  return newest.code;
}

/** Signs in as a person does: asks for a code, reads it, types it. */
export async function signIn(page: Page, home: string, to: string): Promise<void> {
  await page.getByLabel('手机号').fill(to);
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByLabel('验证码', { exact: true }).waitFor();
  await page.getByLabel('验证码', { exact: true }).fill(await codeFor(home, to));
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it stands, by all its rules or by some. */
async function barriers(page: Page, rules: string[]): Promise<string[]> {
  return page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { resultTypes: ['violations'], ...(runOnly.length ? { runOnly } : {}) });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
  }, rules);
}

/** By daylight every rule; in the dark the colours are what differs. */
export async function expectNoBarriers(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  expect(await barriers(page, []), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriers(page, ['color-contrast']), 'dark').toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

const pictures = fileURLToPath(new URL('./pictures/', import.meta.url));

/** Draws what the window shows, for the README. A usual run leaves the pictures as they are. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.PICTURES) return;
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 75 });
  mkdirSync(pictures, { recursive: true });
  writeFileSync(path.join(pictures, `${name}.webp`), Buffer.from(data, 'base64'));
}
