// The learning pages alive in Japanese: each button is pressed, and answers in words of the page.

import type { Page } from '@playwright/test';
import { visit } from './browsing.ts';
import { generation, JWT } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

const REAL = 'たったいまサンドボックスから本当に返ってきた結果です。';
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test.beforeEach(async ({ context, baseURL }) => {
  await context.addCookies([{ name: 'monban_language', value: 'ja', url: baseURL ?? '' }]);
});

for (const [path, each, run, count] of [
  ['/learn/flows', '.flow', '実行する', 8],
  ['/learn/attacks', 'section.attack', '試す', 10],
] as const) {
  test(`${path}: each runs in the sandbox`, async ({ page }) => {
    await visit(page, path);
    const links = page.locator('.contents').getByRole('link');
    await expect(links).toHaveCount(count);
    const pages = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const address of pages) {
      await visit(page, address);
      const one = page.locator(each);
      await one.getByRole('button', { name: run, exact: true }).click();
      await expect(one).toContainText(REAL);
      await expect(one.getByRole('alert')).toBeHidden();
      expect(await one.textContent()).not.toMatch(JWT);
    }
  });
}

test('/learn/session: each button happens to the session, and the timeline shows it', async ({ page, context }) => {
  await member(context);
  await visit(page, '/learn/session');
  await page.waitForResponse((response) => response.url().includes('session_events') && response.ok());
  const timeline = page.getByRole('region', { name: '起きたこと' }).first().locator('ol > li');
  await press(page, '保護された関数を呼ぶ');
  await expect(timeline.filter({ hasText: '/api/who_am_i、世代 1' })).toHaveCount(1);
  await press(page, '期限切れにして、同時に 5 回呼ぶ');
  await expect(timeline.filter({ hasText: '世代を進める：1 → 2' })).toHaveCount(1);
  await expect(timeline.filter({ hasText: '/api/who_am_i、世代 2' })).toHaveCount(5);
  await press(page, '次の更新の応答をなくす');
  await expect(timeline.filter({ hasText: '応答が失われる' })).toHaveCount(1);
  await expect(timeline.filter({ hasText: '同じ世代をもう一度：3' })).toHaveCount(1);
  expect(await generation(context)).toBe(3);
  await press(page, '古いリフレッシュトークンを再利用する…');
  await press(page, 'セッションを終わらせて確かめる');
  await expect(timeline.filter({ hasText: '写しが使われる' })).toHaveCount(1);
  await expect(page.getByText('セッションは終わりました。')).toBeVisible();
});

test('/learn/token: signed, verified with both keys, and shown to the verifier', async ({ page }) => {
  await visit(page, '/learn/token');
  await press(page, '署名する');
  await press(page, 'この鍵で検証する');
  await expect(page.getByText('署名は合っています。')).toBeVisible();
  await press(page, '別の鍵で検証する');
  await expect(page.getByText('署名は合いません。')).toBeVisible();
  await press(page, 'サーバーの検証器に見せる');
  await expect(page.getByRole('region', { name: '作業台の上のトークン' }).locator('.verdict')).toContainText('拒否：');
});

test('/learn/compare: measured here', async ({ page }) => {
  await visit(page, '/learn/compare');
  await press(page, 'ここで計測する');
  await expect(page.getByRole('status').filter({ hasText: '回を計測しました' })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('rowheader', { name: 'JWT だけ' })).toBeVisible();
});
