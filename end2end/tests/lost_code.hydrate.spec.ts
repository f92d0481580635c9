// The code of a page is gone: a newer version was deployed while a tab of the old one was open.

import type { Page } from '@playwright/test';
import { arrive, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { header, member } from './people.ts';

/** Loses the code of the session list. Answers which documents are loaded from now on. */
async function loseCode(page: Page): Promise<string[]> {
  await page.route('**/pkg/*sessions_page*', (route) => route.fulfill({ status: 404 }));
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname);
  });
  return documents;
}

test('going to a page whose code is gone loads its document, once and without a word', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '' });
  await member(context);
  const page = await context.newPage();
  const documents = await loseCode(page);
  await visit(page, '/account');
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expect(page.locator('html')).toHaveAttribute('data-plain', '');
  await expect(page.getByText("can't be reached")).toHaveCount(0);
  await page.waitForLoadState('networkidle');
  expect(documents).toEqual(['/account', '/account/sessions']);

  // It goes on as plain HTML, and the next page comes alive.
  await header(page).getByRole('link', { name: /Ada/ }).click();
  await arrive(page, '/account');
  await context.close();
});

test('a page whose own code is gone stays what the server sent', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '' });
  await member(context);
  const page = await context.newPage();
  const documents = await loseCode(page);
  const complaints: string[] = [];
  page.on('console', (message) => message.text().includes('plain HTML') && complaints.push(message.text()));
  await page.goto('/account/sessions');
  await expect(page.locator('html')).toHaveAttribute('data-plain', '');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  expect(complaints).toHaveLength(1);
  expect(documents).toEqual(['/account/sessions']);
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/');
  await context.close();
});

test('without a line the page says that the server cannot be reached', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '' });
  await member(context);
  const page = await context.newPage();
  await page.route('**/pkg/*sessions_page*', (route) => route.abort());
  await visit(page, '/account');
  await context.setOffline(true);
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('alert').filter({ hasText: "The server can't be reached." })).toBeVisible();
  await context.close();
});
