import { describe, expect, test } from 'vitest';
import { cityDay } from '../../shared/time/day.js';
import { addWeeks, weekOf } from '../../shared/time/week.js';
import { desk, expectNoBarriers, noBrowser, picture, signIn, unprovoked, useBrowser } from './browser.js';
import { useTown } from './service.js';

const lastWeek = addWeeks(weekOf(cityDay(new Date())), -1);

describe.skipIf(noBrowser)('the bureau', { timeout: 180_000 }, () => {
  const town = useTown();
  const { visit } = useBrowser(town.url);

  test('reads last week by street, goes down to the sites, and sees how an area has been doing', async () => {
    const { page, misdeeds } = await visit('/bureau', { viewport: desk });
    await signIn(page, town.url(), town.phoneOf('bureau'));
    const table = page.getByRole('region', { name: '每周参与率' }).getByRole('table');
    await table.waitFor();
    expect(await page.getByLabel('周', { exact: true }).inputValue()).toBe(lastWeek);
    expect(await table.getByRole('row').count()).toBe(1 + 6); // Guangming has six streets
    const ranks = await table.locator('tbody tr td:first-child').allTextContents();
    expect(ranks.map(Number)).toEqual([...ranks.map(Number)].sort((a, b) => a - b));
    await page.getByText('第 1 版').first().waitFor();
    await page.getByRole('heading', { name: '光明区参与率走势' }).waitFor();
    await picture(page, 'bureau-week');
    await expectNoBarriers(page);

    await table.getByRole('link', { name: '光明街道' }).click();
    await page.getByRole('heading', { name: '光明街道参与率走势' }).waitFor();
    await table.getByText('社区').first().waitFor();
    await table.getByRole('link').first().click();
    await expect.poll(() => page.getByLabel('层级').inputValue()).toBe('site');
    await table
      .getByText(/住宅小区|城中村/)
      .first()
      .waitFor();
    await page.getByText('数据表', { exact: true }).click();
    expect(await page.locator('.table-of table tbody tr').count()).toBeGreaterThanOrEqual(6);
    await expectNoBarriers(page);

    await page.goBack();
    await expect.poll(() => page.getByLabel('层级').inputValue()).toBe('community');
    await page.getByLabel('投放点类型').selectOption('urban_village');
    await page.waitForURL(/type=urban_village/);
    await page.reload();
    expect(await page.getByLabel('投放点类型').inputValue()).toBe('urban_village');
    expect(misdeeds).toEqual([]);
  });

  test('counts a closed week again with a reason, and can still read what was published first', async () => {
    const { page, misdeeds } = await visit('/bureau', { viewport: desk });
    await signIn(page, town.url(), town.phoneOf('bureau'));
    const revisions = page.getByRole('region', { name: '结账版本' });
    await revisions.getByText('重新统计', { exact: true }).click();
    await revisions.getByRole('button', { name: '生成新版' }).click();
    await revisions.getByRole('link', { name: '请填写原因' }).waitFor();
    await expectNoBarriers(page);
    await revisions.getByLabel('原因').fill('补撤一个重复批次');
    await revisions.getByRole('button', { name: '生成新版' }).click();
    await revisions.getByText('已生成第 2 版').waitFor();
    await page.locator('.status').getByText('第 2 版').waitFor();
    await revisions.getByText('补撤一个重复批次').waitFor();

    await revisions.getByRole('link', { name: '查看这一版 第 1 版' }).click();
    await page.locator('.status').getByText('第 1 版').waitFor();
    await page.getByRole('link', { name: '查看最新版' }).click();
    await page.locator('.status').getByText('第 2 版').waitFor();
    await expectNoBarriers(page);
    expect(misdeeds).toEqual([]);
  });

  test('a week in hand is marked as provisional, and one that nobody counted says so', async () => {
    const { page, misdeeds } = await visit('/bureau', { viewport: desk });
    await signIn(page, town.url(), town.phoneOf('bureau'));
    await page.getByRole('link', { name: '后一周' }).click();
    await page.locator('.status').getByText('暂计').waitFor();
    await page.getByText('这一周还没有结账版本。').waitFor();
    await page.getByLabel('周', { exact: true }).selectOption(addWeeks(lastWeek, -20));
    await page.getByText('这一周还没有汇总。').waitFor();
    await expectNoBarriers(page);
    expect(unprovoked(misdeeds, 404)).toEqual([]);
  });

  test('a site that logged nothing is missing, not zero', async () => {
    const { page, misdeeds } = await visit('/bureau', { viewport: desk });
    await signIn(page, town.url(), town.phoneOf('bureau'));
    await page.getByLabel('层级').selectOption('site');
    await page.waitForURL(/level=site/);
    const call = await town.callAs(town.phoneOf('bureau'));
    const weeks = Array.from({ length: 6 }, (_, i) => addWeeks(lastWeek, -i));
    for (const week of weeks) {
      const { rows } = await call('GET /v1/rollups/{week}', { path: { week }, query: { level: 'site', limit: 200 } });
      const silent = rows.find(({ sitesReporting }) => sitesReporting === 0);
      if (!silent) continue;
      await page.getByLabel('周', { exact: true }).selectOption(week);
      const row = page.getByRole('row').filter({ hasText: silent.name }).filter({ hasText: '未上报' });
      await row.first().waitFor();
      expect(await row.first().locator('.rate').textContent()).toBe('未上报');
      expect(misdeeds).toEqual([]);
      return;
    }
    throw new Error('Every site of the demo city reported in every week: the seed has no silent one');
  });

  test('a street officer begins at the own street and makes no revisions', async () => {
    const { page, misdeeds } = await visit('/bureau', { viewport: desk });
    await signIn(page, town.url(), town.phoneOf('officer'));
    await page.getByRole('heading', { name: '光明街道参与率走势' }).waitFor();
    await page.getByRole('region', { name: '结账版本' }).getByText('第 1 版').waitFor();
    expect(await page.getByText('重新统计', { exact: true }).count()).toBe(0);
    await page.goto(`${town.url()}/`);
    await page.getByRole('link', { name: /分类投放参与登记/ }).waitFor();
    await page.getByRole('link', { name: /每周参与率/ }).waitFor();
    await expectNoBarriers(page);
    expect(misdeeds).toEqual([]);
  });
});
