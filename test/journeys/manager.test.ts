import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectNoBarriers, noBrowser, picture, signIn, unprovoked, useBrowser } from './browser.js';
import { useTown } from './service.js';

/** Ticks the first `count` households that live in and have not sorted this week, and answers their labels. */
async function tick(page: Page, count: number): Promise<string[]> {
  const fresh = page.locator('.door:not(.door_vacant)').filter({ hasNotText: '本周已参与' });
  await fresh.first().waitFor();
  for (let i = 0; i < count; i++) await fresh.nth(i).getByRole('checkbox').check();
  return (await page.locator('.door:has(input:checked) .door__words').allTextContents()).map((label) => label.trim());
}
const ticked = (page: Page) => page.locator('.door input:checked').count();

/** `90 / 335 户已参与`, as two numbers. */
async function participation(page: Page): Promise<[number, number]> {
  const [done = 0, due = 0] = ((await page.locator('.week__rate').textContent())?.match(/(\d+) \/ (\d+) 户/) ?? []).slice(1).map(Number);
  return [done, due];
}

async function openFirstSite(page: Page): Promise<void> {
  await page.getByRole('heading', { name: '选择投放点' }).waitFor();
  await page.locator('.links__link').first().click();
  await page.locator('.door').first().waitFor();
  await page.locator('.week__rate').waitFor();
}

describe.skipIf(noBrowser)('a property manager', { timeout: 180_000 }, () => {
  const town = useTown();
  const { visit } = useBrowser(town.url);

  test('logs a round, logs it again without counting anyone twice, and takes it back', async () => {
    const { page, misdeeds } = await visit('/manager');
    await signIn(page, town.url(), town.phoneOf('manager', 0));
    await page.getByRole('heading', { name: '选择投放点' }).waitFor();
    await expectNoBarriers(page);
    await openFirstSite(page);
    const [before, due] = await participation(page);
    const labels = await tick(page, 3);
    await page.getByText('已勾选 3 户').first().waitFor();
    await picture(page, 'manager-round');
    await expectNoBarriers(page);

    await page.getByRole('button', { name: '提交 3 户' }).click();
    const outcome = page.locator('.outcome');
    await outcome.getByText('新登记 3 户').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('登记已收到');
    await expect.poll(() => participation(page)).toEqual([before + 3, due]);
    await picture(page, 'manager-outcome');
    await expectNoBarriers(page);

    for (const label of labels) await page.locator('.door').filter({ hasText: label }).first().getByRole('checkbox').check();
    await page.getByRole('button', { name: '提交 3 户' }).click();
    await outcome.getByText('3 户当天已登记过').waitFor();
    expect(await outcome.textContent()).toContain('新登记 0 户');

    // Both rounds hold the three: taking one back leaves them, taking the other back does not.
    for (const left of [before + 3, before]) {
      await page.getByRole('button', { name: /^撤销/ }).first().click();
      const dialog = page.getByRole('dialog', { name: '撤销这次登记' });
      await dialog.getByRole('button', { name: '确认撤销' }).click();
      await dialog.getByRole('link', { name: '请填写撤销原因' }).waitFor();
      await expectNoBarriers(page);
      await dialog.getByLabel('撤销原因').fill('选错了楼栋');
      await dialog.getByRole('button', { name: '确认撤销' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await expect.poll(() => participation(page)).toEqual([left, due]);
    }
    expect(await page.getByText('已撤销', { exact: true }).count()).toBe(2);
    expect(misdeeds).toEqual([]);
  });

  test('a reload loses neither the ticks nor the day', async () => {
    const { page, misdeeds } = await visit('/manager');
    await signIn(page, town.url(), town.phoneOf('manager', 1));
    await openFirstSite(page);
    await tick(page, 4);
    await page.locator('.days__day input').first().check();
    const day = await page.locator('.days__day input:checked').inputValue();
    await page.reload();
    await page.locator('.door').first().waitFor();
    expect(await ticked(page)).toBe(4);
    expect(await page.locator('.days__day input:checked').inputValue()).toBe(day);
    expect(misdeeds).toEqual([]);
  });

  test('a lost reply is asked for again under the same id, and the round counts once', async () => {
    const { page, misdeeds } = await visit('/manager');
    await signIn(page, town.url(), town.phoneOf('manager', 2));
    await openFirstSite(page);
    const [before, due] = await participation(page);
    const sent: string[] = [];
    await page.route('**/check-ins/*', async (route) => {
      sent.push(route.request().url());
      if (sent.length > 1) return route.continue();
      await route.fetch(); // it arrives, and its reply does not
      return route.abort('connectionreset');
    });
    await tick(page, 2);
    await page.getByRole('button', { name: '提交 2 户' }).click();
    await page.getByText('上一次提交还没有收到结果').waitFor();
    await expectNoBarriers(page);

    await page.reload();
    await page.getByRole('button', { name: '再发一次' }).click();
    await page.locator('.outcome').getByText('2 户当天已登记过').waitFor();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe(sent[0]);
    await expect.poll(() => participation(page)).toEqual([before + 2, due]);
    expect(misdeeds.filter((misdeed) => !misdeed.includes('ERR_CONNECTION_RESET'))).toEqual([]);
  });

  test('a household that moved out meanwhile is named with the reason, and the others stand', async () => {
    const { page, misdeeds } = await visit('/manager');
    const manager = town.phoneOf('manager', 3);
    await signIn(page, town.url(), manager);
    await openFirstSite(page);
    await tick(page, 2);
    const siteId = new URL(page.url()).hash.split('/')[2] as string;
    const call = await town.callAs(manager);
    const { households } = await call('GET /v1/sites/{siteId}/households', { path: { siteId }, query: { limit: 500 } });
    const labels = await page.locator('.door:has(input:checked) .door__words').allTextContents();
    const leaving = households.find(({ label }) => label === labels[0]?.replace('本周已参与', ''));
    if (!leaving) throw new Error(`No household is called ${labels[0]}`);
    await call('PUT /v1/sites/{siteId}/households', { path: { siteId }, body: { households: [{ ...leaving, occupied: false }] } });

    await page.getByRole('button', { name: '提交 2 户' }).click();
    const outcome = page.locator('.outcome');
    await outcome.getByText('1 户没有登记').waitFor();
    expect(await outcome.textContent()).toContain(`${leaving.label} 名册中为未入住`);
    expect(await outcome.textContent()).toContain('新登记 1 户');
    await expectNoBarriers(page);
    expect(misdeeds).toEqual([]);
  });

  test('finds a door by building and number', async () => {
    const { page, misdeeds } = await visit('/manager');
    await signIn(page, town.url(), town.phoneOf('manager', 4));
    await openFirstSite(page);
    await page.getByLabel('查找住户').fill('2栋 501');
    await page.getByText(/^找到 \d+ 户$/).waitFor();
    const found = await page.locator('.door__words').allTextContents();
    expect(found.length).toBeGreaterThan(0);
    for (const label of found) expect(label).toMatch(/2栋.*501/);
    await expectNoBarriers(page);
    expect(misdeeds).toEqual([]);
  });

  test('whose site is another’s reads that there is none', async () => {
    const { page, misdeeds } = await visit('/manager#/sites/00000000-0000-4000-8000-000000000000');
    await signIn(page, town.url(), town.phoneOf('manager', 4));
    await page.getByText('没有这个投放点').first().waitFor();
    await expectNoBarriers(page);
    expect(unprovoked(misdeeds, 404)).toEqual([]);
  });
});
