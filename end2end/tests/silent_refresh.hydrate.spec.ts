// Renewal by the living page: its calls are answered 401, it renews once and calls again.

import type { BrowserContext } from '@playwright/test';
import { alive, rememberDocument, visit } from './browsing.ts';
import { accessExpired, generation, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, header, member } from './people.ts';

const UNREACHABLE = "The server can't be reached. You are still signed in; please try again in a moment.";

/** The paths of all calls to the server that the browser's pages make from now on. */
function calls(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) seen.push(pathname);
  });
  return seen;
}

test('several calls at once with an expired access token renew it once', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpired(context);
  const before = await generation(context);

  const seen = calls(context);
  const same = await rememberDocument(page);
  await page.evaluate(() => {
    // Three calls in one breath: who is here, save the name, list the sessions.
    window.dispatchEvent(new Event('focus'));
    document.querySelector<HTMLFormElement>('main form')?.requestSubmit();
    document.querySelector<HTMLAnchorElement>('header a[href="/account/sessions"]')?.click();
  });
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);

  await expect.poll(() => seen.filter((path) => path === '/api/update_account')).toHaveLength(2);
  await expect.poll(() => seen.filter((path) => path === '/api/list_sessions')).toHaveLength(2);
  await expect.poll(() => seen.filter((path) => path === '/api/who_am_i')).toHaveLength(2);
  expect(seen.filter((path) => path === '/api/refresh')).toHaveLength(1);
  expect(await generation(context)).toBe(before + 1);
  expect(await same()).toBe(true);
});

test('five tabs that call at once with an expired access token all stay signed in, with one generation', async ({ page, context }) => {
  const person = await member(context);
  const tabs = [page, ...(await Promise.all([1, 2, 3, 4].map(() => context.newPage())))];
  for (const tab of tabs) await visit(tab, '/account');
  await accessExpired(context);
  const before = await generation(context);
  const same = await Promise.all(tabs.map(rememberDocument));

  await Promise.all(tabs.map((tab) => header(tab).getByRole('link', { name: 'Sessions' }).click()));
  for (const tab of tabs) {
    await expect(tab.getByRole('main').getByRole('listitem')).toHaveCount(1);
    await expectSignedIn(tab, person);
  }
  expect(await Promise.all(same.map((same) => same()))).toEqual([true, true, true, true, true]);
  expect(await generation(context)).toBe(before + 1);
});

test('being offline signs nobody out', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpired(context);
  const same = await rememberDocument(page);
  await context.setOffline(true);

  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('alert').filter({ hasText: UNREACHABLE })).toBeVisible();
  await expectSignedIn(page, person);

  await context.setOffline(false);
  await header(page).getByRole('link', { name: person.name }).click();
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);
  expect(await same()).toBe(true);
});

test('a form sent offline keeps what was typed, and can be sent again', async ({ page, context }) => {
  const person = await member(context);
  const renamed = { ...person, name: `Countess ${person.name}` };
  await visit(page, '/account');
  await page.getByLabel('Name').fill(renamed.name);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toHaveText(UNREACHABLE);
  await expect(page.getByLabel('Name')).toHaveValue(renamed.name);

  await context.setOffline(false);
  await page.getByRole('button', { name: 'Save' }).click();
  await expectSignedIn(page, renamed);
});

test('a server that is busy when asked to renew is asked again', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpired(context);
  const same = await rememberDocument(page);
  const statuses = [503, 429];
  await page.route('**/api/refresh', async (route) => {
    const status = statuses.shift();
    await (status ? route.fulfill({ status, json: { code: 'busy' } }) : route.continue());
  });

  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);
  expect(statuses).toEqual([]);
  expect(await same()).toBe(true);
});

test('a server that is busy signs nobody out', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await page.route('**/api/**', (route) =>
    route.fulfill({ status: 503, json: { code: 'busy' }, headers: { 'monban-code': 'busy', 'retry-after': '2' } }),
  );
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Please try again in a moment.' })).toBeVisible();
  await expectSignedIn(page, person);
  await loadCookie(context, REFRESH);

  await page.unroute('**/api/**');
  await page.reload();
  await alive(page);
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);
});

test('a restart of the server signs nobody out', async ({ page, context, monban }) => {
  const person = await member(context);
  await visit(page, '/account');
  // The code of both pages is here: what the kill cuts off is the call alone.
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await header(page).getByRole('link', { name: person.name }).click();
  await expect(page).toHaveURL('/account');
  await monban.stop('SIGKILL');
  try {
    await header(page).getByRole('link', { name: 'Sessions' }).click();
    await expect(page.getByRole('alert').filter({ hasText: UNREACHABLE })).toBeVisible();
    await expectSignedIn(page, person);
    await accessExpired(context);
  } finally {
    await monban.resume();
  }
  await header(page).getByRole('link', { name: person.name }).click();
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);
});
