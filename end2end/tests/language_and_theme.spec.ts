// Two languages, three themes, remembered by the browser.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { alive, pages, scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { header, member, signInHere } from './people.ts';

const language = (page: Page, name: string) => header(page).getByRole('button', { name, exact: true });

test('the browser’s language decides until the person does', async ({ anotherBrowser }) => {
  for (const [locale, lang, title] of [
    ['ja-JP', 'ja', 'サインインしたまま、安全に。'],
    ['en-GB', 'en', 'Stay signed in. Safely.'],
    ['fr-FR', 'en', 'Stay signed in. Safely.'],
  ] as const) {
    const page = await (await anotherBrowser({ locale })).newPage();
    await visit(page, '/');
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  }
});

test('the language is switched on the page that is open, and back', async ({ page }) => {
  await visit(page, '/sign-up');
  await expect(language(page, 'English')).toHaveAttribute('aria-pressed', 'true');

  await language(page, '日本語').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('アカウントを作成');
  await expect(page).toHaveURL('/sign-up');
  await expect(page).toHaveTitle('アカウントを作成 · Monban');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(language(page, '日本語')).toHaveAttribute('aria-pressed', 'true');
  await expect(language(page, 'English')).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByLabel('メールアドレス')).toBeVisible();

  await alive(page);
  await language(page, 'English').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create your account');
});

test('what was typed stays when the language or the theme is switched, but for a password', async ({ page, context }) => {
  await visit(page, '/sign-in?next=/account/sessions');
  await page.getByLabel('Email').fill('half@an');
  await page.getByLabel('Password').fill('kettle orbit');
  await page.getByLabel('Keep me signed in').uncheck();
  const sent = page.waitForRequest('**/api/set_language');
  await language(page, '日本語').click();
  if (scripted()) expect((await sent).postData()).not.toContain('kettle');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(page).toHaveURL('/sign-in?next=/account/sessions');
  await expect(page.getByLabel('メールアドレス')).toHaveValue('half@an');
  await expect(page.getByLabel('パスワード')).toHaveValue('');
  await expect(page.getByRole('checkbox')).not.toBeChecked();

  await alive(page);
  await page.getByLabel('メールアドレス').fill('half@another');
  await header(page).getByRole('button', { name: 'ダーク' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByLabel('メールアドレス')).toHaveValue('half@another');
  await expect(page.getByRole('checkbox')).not.toBeChecked();

  await alive(page);
  await language(page, 'English').click();
  await visit(page, '/sign-up');
  await page.getByLabel('Name').fill('An "A"');
  await header(page).getByRole('button', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.getByLabel('Name')).toHaveValue('An "A"');

  await member(context);
  await visit(page, '/account');
  await page.getByLabel('Name').fill('half a na');
  await header(page).getByRole('button', { name: 'System' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
  await expect(page.getByLabel('Name')).toHaveValue('half a na');
});

test('the chosen language is remembered, against what the browser asks for', async ({ page, context }) => {
  await visit(page, '/');
  await language(page, '日本語').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect.poll(async () => (await context.cookies()).find(({ name }) => name === 'monban_language')?.value).toBe('ja');

  const tab = await context.newPage();
  await visit(tab, '/sign-in');
  await expect(tab.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText('サインイン');
});

test('faults are told in the language of the page', async ({ anotherBrowser }) => {
  const page = await (await anotherBrowser({ locale: 'ja' })).newPage();
  await visit(page, '/sign-in');
  await page.getByLabel('メールアドレス').fill('ada@example.com');
  await page.getByRole('main').getByRole('button', { name: 'サインイン' }).click();
  await expect(page.getByLabel('パスワード')).toHaveAccessibleDescription('入力してください。');
});

test('no page in Japanese has English words left on it', async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: 'monban_language', value: 'ja', url: baseURL ?? '' }]);
  const english = texts('en').filter((text) => text.length > 4 && !text.includes('{{') && !texts('ja').includes(text));
  expect(english.length).toBeGreaterThan(50);
  const look = async (path: string) => {
    await visit(page, path);
    const shown = await page.locator('body').innerText();
    expect(english.filter((text) => shown.includes(text)), path).toEqual([]);
  };
  for (const path of pages.stranger) await look(path);
  await member(context);
  for (const path of pages.member) await look(path);
});

test('both languages say the same things', () => {
  expect(Object.keys(flat('ja'))).toEqual(Object.keys(flat('en')));
});

test('the theme is the system’s until the person decides', async ({ anotherBrowser }) => {
  const grounds: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await (await anotherBrowser({ colorScheme })).newPage();
    await visit(page, '/');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
    grounds.push(await ground(page));
  }
  expect(grounds[0]).not.toBe(grounds[1]);
});

test('each theme has a picture of its own', async ({ page }) => {
  await visit(page, '/');
  const pictures = await header(page)
    .getByRole('group', { name: 'Theme' })
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button, '::before').maskImage));
  expect(pictures).toHaveLength(3);
  for (const picture of pictures) expect(picture).toContain('svg');
  expect(new Set(pictures).size).toBe(3);
});

test('the theme is switched on the page that is open, and remembered', async ({ page, context }) => {
  await visit(page, '/sign-in');
  const grounds: Record<string, string> = {};
  for (const [label, theme] of [['Dark', 'dark'], ['Light', 'light'], ['System', 'system'], ['Dark', 'dark']] as const) {
    await header(page).getByRole('button', { name: label }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await expect(header(page).getByRole('button', { name: label })).toHaveAttribute('aria-pressed', 'true');
    await alive(page);
    grounds[theme] = await ground(page);
  }
  await expect(page).toHaveURL('/sign-in');
  expect(grounds['dark']).not.toBe(grounds['light']);

  await expect.poll(async () => (await context.cookies()).find(({ name }) => name === 'monban_theme')?.value).toBe('dark');
  const tab = await context.newPage();
  await visit(tab, '/');
  await expect(tab.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(header(tab).getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
  expect(await ground(tab)).toBe(grounds['dark']);
});

test('neither choice needs a session, and a sign-in leaves both alone', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in');
  await header(page).getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toContain('monban_theme');
  await alive(page);
  await signInHere(page, person);
  await expect(page).toHaveURL('/account');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

/** The colour that the page stands on. */
async function ground(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}

/** Who has words of their own: the site, the account pages, the learning pages. */
const crates = ['app', 'kit/leptos', 'learn'];

function flat(lang: string): Record<string, string> {
  const files = crates.flatMap((crate) => {
    const folder = join(import.meta.dirname, `../../${crate}/locales`);
    return readdirSync(folder).filter((name) => name.split('.').at(-2) === lang).map((name) => ({ folder, name, of: `${crate}/${name.split('.').slice(0, -2)}` }));
  });
  return Object.assign({}, ...files.map(({ folder, name, of }) => leaves(JSON.parse(readFileSync(join(folder, name), 'utf8')), of)));
}

function leaves(tree: unknown, path: string): Record<string, string> {
  if (typeof tree === 'string') return { [path]: tree };
  return Object.assign({}, ...Object.entries(tree as object).map(([key, value]) => leaves(value, `${path}/${key}`)));
}

function texts(lang: string): string[] {
  return Object.values(flat(lang));
}
