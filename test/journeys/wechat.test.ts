import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { codeFor, expectNoBarriers, noBrowser, picture, signIn, unprovoked, useBrowser } from './browser.js';
import { useTown } from './service.js';

/** Goes to WeChat and opens the page again as somebody, or in one of the ways that fail. */
async function throughWeChat(page: Page, choice: string, link = '微信登录'): Promise<void> {
  await page.getByRole('link', { name: link }).click();
  await page.getByRole('heading', { name: '以哪位微信用户打开？' }).waitFor();
  await page.getByRole('button', { name: choice }).click();
}

/** Names a phone, as is asked the first time. */
async function linkPhone(page: Page, home: string, to: string): Promise<void> {
  await page.getByRole('heading', { name: '首次用微信登录，请绑定手机号' }).waitFor();
  await page.getByLabel('手机号').fill(to);
  await page.getByRole('button', { name: '获取验证码' }).click();
  const field = page.getByLabel('验证码', { exact: true });
  await field.waitFor();
  await expectNoBarriers(page);
  await field.fill(await codeFor(home, to));
  await page.getByRole('button', { name: '绑定并登录' }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
}

describe.skipIf(noBrowser)('by WeChat', { timeout: 180_000 }, () => {
  const town = useTown();
  const { visit } = useBrowser(town.url);
  /** The way leads over WeChat's own page. */
  const unlessAtWeChat = (misdeeds: readonly string[]) => misdeeds.filter((misdeed) => !misdeed.includes(town.wechatUrl()));

  test('the first time asks for a phone, the second does not, and both come back to where they began', async () => {
    const place = `${town.url()}/#/here?week=2026-W47`;
    const { page, misdeeds } = await visit('/#/here?week=2026-W47');
    await page.getByRole('link', { name: '微信登录' }).waitFor();
    await expectNoBarriers(page);

    await throughWeChat(page, '小鹿');
    await page.getByRole('heading', { name: '首次用微信登录，请绑定手机号' }).waitFor();
    expect(page.url()).toBe(place);
    await picture(page, 'wechat-sign-in');
    await expectNoBarriers(page);
    await linkPhone(page, town.url(), '+8619900200001');
    await page.getByRole('definition').first().waitFor();
    expect(page.url()).toBe(place);
    expect(await page.getByRole('definition').allTextContents()).toEqual(['未登记', '居民', '199 0020 0001', '已绑定']);
    await expectNoBarriers(page);

    await page.getByRole('button', { name: '退出登录' }).click();
    await throughWeChat(page, '小鹿');
    await page.getByRole('definition').first().waitFor();
    expect(page.url()).toBe(place);
    expect(await page.getByRole('definition').allTextContents()).toContain('199 0020 0001');
    await page.reload();
    await page.getByRole('definition').first().waitFor();
    expect(unlessAtWeChat(misdeeds)).toEqual([]);
  });

  test('what WeChat does not do is said in words, with another try and the phone below', async () => {
    const { page, misdeeds } = await visit('/#/here');
    await throughWeChat(page, '以快照页打开');
    const alert = page.getByRole('alert');
    await alert.getByText('快照页不能登录').waitFor();
    expect(page.url()).toBe(`${town.url()}/#/here`);
    await page.getByLabel('手机号').waitFor();
    await expectNoBarriers(page);

    await throughWeChat(page, '微信系统繁忙', '再试一次微信登录');
    await alert.getByText('微信暂时没有回应，请稍后再试。').waitFor();
    await page.getByLabel('手机号').waitFor();
    await expectNoBarriers(page);

    await page.goto(`${town.url()}/v1/sign-in/wechat/callback?code=made-up&state=made-up`);
    await alert.getByText('这次登录已失效，请重新开始。').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await alert.getByText('This sign-in has expired: start again.').waitFor();
    await page.getByRole('button', { name: '中文' }).click();

    await throughWeChat(page, '阿土', '再试一次微信登录');
    await linkPhone(page, town.url(), '+8619900200002');
    expect(page.url()).toBe(`${town.url()}/`);
    expect(unlessAtWeChat(misdeeds)).toEqual([]);
  });

  test('who does not want the link signs in by phone alone, and who took too long begins again', async () => {
    const { page, misdeeds } = await visit('/');
    await throughWeChat(page, '陈阿姨');
    await page.getByRole('button', { name: '不用微信登录' }).click();
    await page.getByRole('heading', { name: '登录', exact: true }).waitFor();
    await signIn(page, town.url(), '+8619900200003');
    await page.getByText('未绑定').waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();

    await throughWeChat(page, '陈阿姨');
    await page.getByRole('heading', { name: '首次用微信登录' }).waitFor();
    await page.context().clearCookies({ name: 'gongzhi_wechat_link' });
    await page.getByLabel('手机号').fill('+8619900200003');
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByLabel('验证码', { exact: true }).fill(await codeFor(town.url(), '+8619900200003'));
    await page.getByRole('button', { name: '绑定并登录' }).click();
    await page.getByRole('alert').getByText('绑定手机号的时间已过，请重新用微信登录').waitFor();
    await expectNoBarriers(page);
    await page.getByRole('link', { name: '微信登录' }).waitFor();
    expect(unprovoked(unlessAtWeChat(misdeeds), 400)).toEqual([]);
  });

  test('in WeChat’s own browser it is the first thing offered', async () => {
    const { page, misdeeds } = await visit('/');
    const primary = () => page.locator('.weui-btn_primary').allTextContents();
    await page.getByRole('link', { name: '微信登录' }).waitFor();
    expect(await primary()).toEqual(['获取验证码']);
    await page.addInitScript(() => Object.defineProperty(navigator, 'userAgent', { get: () => 'Mobile Safari MicroMessenger/8.0.50' }));
    await page.reload();
    await page.getByRole('link', { name: '微信登录' }).waitFor();
    expect(await primary()).toEqual(['微信登录']);
    await expectNoBarriers(page);
    expect(misdeeds).toEqual([]);
  });

  test('a place that cannot be taken along does not stop anybody', async () => {
    const { page } = await visit('/manager#/sites/here');
    const way = () => page.getByRole('link', { name: '微信登录' }).getAttribute('href');
    await page.getByRole('link', { name: '微信登录' }).waitFor();
    expect(await way()).toBe('/v1/sign-in/wechat?returnTo=%2Fmanager%23%2Fsites%2Fhere');
    for (const odd of ['#/a\\b', `#/${'a'.repeat(500)}`]) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, odd);
      await expect.poll(way).toBe('/v1/sign-in/wechat?returnTo=%2Fmanager');
    }
  });

  test('a manager whose session was ended comes back to the same site, and to what was ticked', async () => {
    const manager = town.phoneOf('manager', 0);
    const { page, misdeeds } = await visit('/manager');
    await throughWeChat(page, '晚风');
    await linkPhone(page, town.url(), manager);
    await page.getByRole('heading', { name: '选择投放点' }).waitFor();
    await page.locator('.links__link').first().click();
    await page.locator('.door').first().waitFor();
    const place = page.url();
    const fresh = page.locator('.door:not(.door_vacant)').filter({ hasNotText: '本周已参与' });
    for (let i = 0; i < 3; i++) await fresh.nth(i).getByRole('checkbox').check();

    const elsewhere = await town.callAs(manager);
    await elsewhere('DELETE /v1/me/sessions');
    await page.reload();
    await throughWeChat(page, '晚风');
    await page.locator('.door').first().waitFor();
    expect(page.url()).toBe(place);
    expect(await page.locator('.door input:checked').count()).toBe(3);

    await elsewhere('DELETE /v1/me/sessions');
    await page.getByRole('button', { name: '提交 3 户' }).click();
    await page.getByText('登录已失效，请重新登录。没有提交的内容还在。').waitFor();
    await expectNoBarriers(page);
    await throughWeChat(page, '晚风');
    await page.getByRole('button', { name: '再发一次' }).click();
    await page.locator('.outcome').getByText('新登记 3 户').waitFor();
    expect(page.url()).toBe(place);
    expect(unprovoked(unlessAtWeChat(misdeeds), 401)).toEqual([]);
  });
});
