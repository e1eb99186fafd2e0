import { describe, expect, test } from 'vitest';
import { codeFor, expectNoBarriers, noBrowser, picture, signIn, unprovoked, useBrowser } from './browser.js';
import { useTown } from './service.js';

describe.skipIf(noBrowser)('a resident', { timeout: 180_000 }, () => {
  const town = useTown({ seed: false });
  const { visit } = useBrowser(town.url);

  test('signs in with a code, is known after a reload, and signs out', async () => {
    const resident = '+8619900100001';
    const { page, misdeeds } = await visit('/');
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await picture(page, 'resident-sign-in');
    await expectNoBarriers(page);

    await signIn(page, town.url(), resident);
    await page.getByText('面向居民的网上办理还没有开放').waitFor();
    // What is held of me comes with a call of its own.
    await page.getByText('未绑定').waitFor();
    expect(await page.getByRole('definition').allTextContents()).toEqual(['未登记', '居民', '199 0010 0001', '未绑定']);
    await picture(page, 'resident-home');
    await expectNoBarriers(page);

    await page.reload();
    await page.getByRole('heading', { name: '我的身份' }).waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await page.reload();
    await page.getByLabel('手机号').waitFor();
    expect(misdeeds).toEqual([]);
  });

  test('reads English, and large text, and finds both again after a reload', async () => {
    const { page, misdeeds } = await visit('/');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('button', { name: 'Large text' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Large text', pressed: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await expectNoBarriers(page);
    expect(misdeeds).toEqual([]);
  });

  test('is told beside the field what is wrong with a phone number', async () => {
    const { page, misdeeds } = await visit('/');
    await page.getByRole('button', { name: '获取验证码' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('请填写手机号');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('fault-summary');
    await page.getByRole('link', { name: '请填写手机号' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('phone');
    await expectNoBarriers(page);

    await page.getByLabel('手机号').fill('12345678');
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByRole('link', { name: '请填写有效的手机号' }).waitFor();
    expect(unprovoked(misdeeds, 400)).toEqual([]);
  });

  test('is told in words that a code was wrong, and can still use the right one', async () => {
    const resident = '+8619900100002';
    const { page, misdeeds } = await visit('/');
    await page.getByLabel('手机号').fill(resident);
    await page.getByRole('button', { name: '获取验证码' }).click();
    const field = page.getByLabel('验证码', { exact: true });
    await field.waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('code');
    const right = await codeFor(town.url(), resident);
    await field.fill(right === '000000' ? '111111' : '000000');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('link', { name: '验证码不正确或已过期' }).waitFor();
    await expectNoBarriers(page);

    await field.fill(right);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('heading', { name: '我的身份' }).waitFor();
    expect(unprovoked(misdeeds, 401)).toEqual([]);
  });

  test('who asks for codes too often is told to wait, and how long', async () => {
    const { page, misdeeds } = await visit('/');
    const ask = async () => {
      await page.getByLabel('手机号').fill('+8619900100003');
      await page.getByRole('button', { name: '获取验证码' }).click();
    };
    const alert = page.getByRole('alert');
    const other = page.getByRole('button', { name: '换一个手机号' });
    // Five are free in ten minutes by the clock, which may turn over in the middle.
    for (let i = 0; i < 11; i++) {
      await ask();
      await alert.or(other).waitFor();
      if (await alert.isVisible()) break;
      await other.click();
    }
    expect(await alert.textContent()).toMatch(/验证码请求过于频繁，请稍后再试。请在 \d+ (分钟|秒)后再试。/);
    expect(unprovoked(misdeeds, 429)).toEqual([]);
  });

  test('who is not staff finds no way into the pages of staff', async () => {
    const { page, misdeeds } = await visit('/manager');
    await signIn(page, town.url(), '+8619900100004');
    await page.getByText('您现在的身份是居民，不能使用这一页。').waitFor();
    await expectNoBarriers(page);
    await page.goto(`${town.url()}/bureau`);
    await page.getByText('您现在的身份是居民，不能使用这一页。').waitFor();
    await page.getByRole('link', { name: '回到首页' }).click();
    await page.getByRole('heading', { name: '我的身份' }).waitFor();
    expect(misdeeds).toEqual([]);
  });

  test.each([
    ['sign_in_needed', '+8619900100005'],
    ['session_ended', '+8619900100006'],
  ])('an access token that the service no longer takes (%s) is renewed once, and the work goes on', async (code, resident) => {
    const { page, misdeeds } = await visit('/');
    await signIn(page, town.url(), resident);
    let refused = 0;
    await page.route('**/v1/me', async (route) => {
      if (refused++) return route.continue();
      const problem = { type: `/problems/${code}`, title: '请先登录', status: 401, code, detail: '请先登录' };
      return route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    const renewals: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/sign-in/refresh')) renewals.push(request.method());
    });
    await page.reload();
    await page.getByRole('definition').first().waitFor();
    expect(renewals).toEqual(['POST', 'POST']); // one on opening, one for the refusal
    expect(unprovoked(misdeeds, 401)).toEqual([]);
  });
});
