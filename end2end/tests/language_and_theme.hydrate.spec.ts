// Switching in place, on a living page.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { header } from './people.ts';

test('what was typed survives a switch of language and theme', async ({ page }) => {
  await visit(page, '/sign-up');
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password').fill('kettle orbit plum sandal');

  await header(page).getByRole('button', { name: '日本語' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('アカウントを作成');
  await header(page).getByRole('button', { name: 'ダーク' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await expect(page.getByLabel('名前')).toHaveValue('Ada Lovelace');
  await expect(page.getByLabel('メールアドレス')).toHaveValue('ada@example.com');
  await expect(page.getByLabel('パスワード')).toHaveValue('kettle orbit plum sandal');
});

test('a fault that is shown changes its language with the page', async ({ page }) => {
  await visit(page, '/sign-in');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('This is needed.');

  await header(page).getByRole('button', { name: '日本語' }).click();
  await expect(page.getByLabel('メールアドレス')).toHaveAccessibleDescription('入力してください。');
});
