// What happens in one tab shows in the others.

import type { Page } from '@playwright/test';
import { alive, arrive, FORM, visit, within } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { admit, expectSignedIn, expectSignedOut, member, signIn, signInHere, signOut, somebody, signUp } from './people.ts';

/** How soon the other tabs are promised to know. */
const A_SECOND = { timeout: within(1000) };

/** Waits until the page is about to load anew, and has. */
const reloaded = (page: Page) => page.waitForEvent('load');

test('signing out in one tab signs the others out within a second', async ({ page, context }) => {
  const person = await member(context);
  const other = await context.newPage();
  await visit(other, '/');
  await visit(page, '/account');
  await expectSignedIn(other, person);

  await signOut(page);
  await expectSignedOut(page);
  await expectSignedOut(other, A_SECOND);
  await expect(other.getByText(person.name)).toHaveCount(0);
});

test('a tab with the account open goes to the sign-in page when another signs out', async ({ page, context }) => {
  const person = await member(context);
  const other = await context.newPage();
  await visit(other, '/account');
  await visit(page, '/');

  await signOut(page);
  await arrive(other, '/sign-in?next=/account');
  await expect(other.getByText(person.email)).toHaveCount(0);
});

test('signing in in one tab signs the others in', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  const other = await context.newPage();
  await visit(other, '/');
  await expectSignedOut(other);

  await signIn(page, person);
  await expectSignedIn(other, person);
});

test('signing up in one tab leads a waiting sign-in page on to where it was going', async ({ page, context }) => {
  const other = await context.newPage();
  await visit(other, '/account/sessions');
  await expect(other).toHaveURL('/sign-in?next=/account/sessions');

  const person = somebody();
  await signUp(page, person);
  await arrive(other, '/account/sessions');
  await expectSignedIn(other, person);
});

test('signing in as somebody else in one tab makes the others show that', async ({ page, context, anotherBrowser }) => {
  const second = await member(await anotherBrowser());
  const first = await member(context);
  const other = await context.newPage();
  await visit(other, '/account');
  await visit(page, '/');
  await expectSignedIn(other, first);

  await signOut(page);
  await expectSignedOut(page);
  await visit(page, '/sign-in');
  await signInHere(page, second);
  await arrive(page, '/account');
  await expectSignedIn(other, second);
  await expect(other.getByText(first.name)).toHaveCount(0);
});

test('so it does when one person takes the place of the other at once', async ({ page, context, anotherBrowser }) => {
  const second = await member(await anotherBrowser());
  const first = await member(context);
  const other = await context.newPage();
  await visit(other, '/account');
  await visit(page, '/');
  await expectSignedIn(other, first);

  await admit(context, second);
  const shown = reloaded(other);
  await page.reload();
  await shown;
  await expectSignedIn(other, second);
  await expect(other.getByLabel('Name')).toHaveValue(second.name);
});

test('a tab that slept through a sign-out notices when it gets the focus', async ({ page, context }) => {
  await member(context);
  await visit(page, '/');
  // Nobody tells this tab: the sign-out happens without a page.
  await context.request.post('/api/sign_out', { headers: { 'sec-fetch-site': 'same-origin', 'content-type': FORM } });

  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expectSignedOut(page, A_SECOND);
});

test('tabs of the same person leave one another alone', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await page.getByLabel('Name').fill('half a na');

  const other = await context.newPage();
  await visit(other, '/');
  await expectSignedIn(other, person);
  const looked = page.waitForResponse('**/api/who_am_i');
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  expect((await looked).status()).toBe(200);
  await expect(page.getByLabel('Name')).toHaveValue('half a na');
});

test('a page and a server that disagree for good load it once, and not for ever', async ({ page, context }) => {
  await member(context);
  await page.route('**/api/who_am_i', (route) =>
    route.fulfill({ json: { account_id: '01900000-0000-7000-8000-000000000000', roles: [], expires_at: 4102444800 } }),
  );
  let loads = 0;
  page.on('load', () => loads++);
  await visit(page, '/');
  const look = async () => {
    const asked = page.waitForResponse('**/api/who_am_i');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await asked;
  };
  await look();
  await expect.poll(() => loads).toBe(2);
  await alive(page);
  for (let times = 0; times < 3; times++) await look();
  await page.waitForLoadState('networkidle');
  expect(loads).toBe(2);

  // Once they agree again, the next change is seen.
  await page.unroute('**/api/who_am_i');
  await look();
  await context.request.post('/api/sign_out', { headers: { 'sec-fetch-site': 'same-origin', 'content-type': FORM } });
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expectSignedOut(page);
});
