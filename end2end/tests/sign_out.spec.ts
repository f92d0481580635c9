// Sign-out means now.

import { arrive, FORM, visit } from './browsing.ts';
import { ACCESS, expectNoTokens, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedOut, header, member, signOut } from './people.ts';

test('signing out leads to the front page, signed out, and takes both cookies away', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await signOut(page);

  await arrive(page, '/');
  await expectSignedOut(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stay signed in. Safely.');
  expect(await page.content()).not.toContain(person.name);
  await expectNoTokens(context);
});

test('after signing out, the account asks to sign in', async ({ page, context }) => {
  await member(context);
  await visit(page, '/');
  await signOut(page);
  await expectSignedOut(page);

  await page.goto('/account');
  await arrive(page, '/sign-in?next=/account');
});

test('the browser’s back button brings nothing of the account back', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/');
  await visit(page, '/account');
  await signOut(page);
  await expectSignedOut(page);

  await page.goBack();
  await expectSignedOut(page);
  await expect(page.getByText(person.email)).toHaveCount(0);
  await expect(page.getByText(person.name)).toHaveCount(0);
});

test('copies of both tokens are worth nothing after a sign-out', async ({ page, context, playwright, baseURL }) => {
  await member(context);
  const [access, refresh] = [await loadCookie(context, ACCESS), await loadCookie(context, REFRESH)];
  await visit(page, '/');
  await signOut(page);
  await expectSignedOut(page);

  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': FORM };
  const thief = await playwright.request.newContext({ baseURL });
  const withAccess = await thief.get('/api/who_am_i', { headers: { ...headers, cookie: `${ACCESS}=${access.value}` } });
  expect(withAccess.status()).toBe(401);
  const withRefresh = await thief.post('/api/refresh', { headers: { ...headers, cookie: `${REFRESH}=${refresh.value}` } });
  expect(withRefresh.status()).toBe(401);
  expect(withRefresh.headers()['monban-code']).toBe('session_ended');
  const given = (await thief.storageState()).cookies.map(({ name }) => name);
  expect(given).not.toContain(ACCESS);
  expect(given).not.toContain(REFRESH);
  await thief.dispose();
});

test('signing out makes the browser drop what it cached and stored', async ({ page, context }) => {
  await member(context);
  await visit(page, '/');
  const answer = page.waitForResponse('**/api/sign_out');
  await signOut(page);

  expect(await (await answer).headerValue('clear-site-data')).toBe('"storage"');
  await expectSignedOut(page);
});

test('signing out twice is no error', async ({ context, page }) => {
  await member(context);
  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': FORM };
  for (const _ of ['first', 'second']) {
    expect((await context.request.post('/api/sign_out', { headers })).status()).toBeLessThan(400);
  }
  await visit(page, '/');
  await expectSignedOut(page);
});

test('nobody is signed out by a link', async ({ page, context }) => {
  await member(context);
  expect((await context.request.get('/api/sign_out')).status()).toBe(405);
  await visit(page, '/');
  await expect(header(page).getByRole('button', { name: 'Sign out' })).toBeVisible();
});
