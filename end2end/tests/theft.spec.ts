// Somebody copied the refresh token. Whoever comes second with an old one ends the session, and the
// person is told.
//
// The window for racing tabs is shut, so that an old token is old at once.

import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { arrive, FORM, visit } from './browsing.ts';
import { accessExpired, loadCookie, REFRESH } from './cookies.ts';
import { expect, test as base } from './fixtures.ts';
import { admit, expectSignedIn, expectSignedOut, member, signInHere } from './people.ts';

const TOLD = /^This session was ended because an old sign-in token was used again\./;

const test = base.extend<{ thief: APIRequestContext }>({
  thief: async ({ playwright, baseURL }, use) => {
    const thief = await playwright.request.newContext({ baseURL });
    await use(thief);
    await thief.dispose();
  },
});
test.use({ settings: { MONBAN_REFRESH_WINDOW: '0s' } });

async function steal(context: BrowserContext): Promise<string> {
  return `${REFRESH}=${(await loadCookie(context, REFRESH)).value}`;
}

test('an old refresh token used again ends the session, and the next page says so', async ({ page, context, thief }) => {
  const person = await member(context);
  const stolen = await steal(context);
  await accessExpired(context);
  await visit(page, '/account');
  await visit(page, '/');
  await expectSignedIn(page, person);

  const answer = await thief.post('/api/refresh', { headers: { cookie: stolen, 'sec-fetch-site': 'same-origin', 'content-type': FORM } });
  expect(answer.status()).toBe(401);
  expect(answer.headers()['monban-code']).toBe('session_ended');
  expect(answer.headers()['set-cookie'] ?? '').not.toContain(REFRESH);

  await page.goto('/account');
  await arrive(page, '/sign-in?next=/account');
  await expect(page.getByRole('status').filter({ hasText: TOLD })).toBeVisible();
  await expectSignedOut(page);

  await signInHere(page, person);
  await arrive(page, '/account');
  await expectSignedIn(page, person);
  await expect(page.getByText(TOLD)).toHaveCount(0);
});

test('so it is when the thief asks for a page', async ({ page, context, thief }) => {
  const person = await member(context);
  const stolen = await steal(context);
  await accessExpired(context);
  await visit(page, '/account');
  await visit(page, '/');

  const answer = await thief.get('/account', { headers: { cookie: stolen, accept: 'text/html' } });
  expect(await answer.text()).not.toContain(person.name);
  await page.goto('/');
  await expect(page.getByRole('status').filter({ hasText: TOLD })).toBeVisible();
  await expectSignedOut(page);
});

test('a thief who is faster than the person is found out when the person comes back', async ({ page, context, thief }) => {
  const person = await member(context);
  await visit(page, '/account');
  const stolen = await steal(context);

  // The thief renews first, and uses what they got.
  await accessExpired(context);
  expect(await (await thief.get('/account', { headers: { cookie: stolen, accept: 'text/html' } })).text()).toContain(person.name);
  expect((await thief.get('/api/who_am_i')).status()).toBe(200);

  await page.goto('/account');
  await arrive(page, '/sign-in?next=/account');
  await expect(page.getByRole('status').filter({ hasText: TOLD })).toBeVisible();
  expect((await thief.get('/api/who_am_i')).status()).toBe(401);
});

test('only that session ends: the same person stays signed in elsewhere', async ({ page, context, anotherBrowser, thief }) => {
  const person = await member(context);
  const elsewhere = await anotherBrowser();
  await admit(elsewhere, person);
  const there = await elsewhere.newPage();
  await visit(there, '/account');

  const stolen = await steal(context);
  await accessExpired(context);
  await visit(page, '/account');
  await visit(page, '/');
  expect((await thief.post('/api/refresh', { headers: { cookie: stolen, 'sec-fetch-site': 'same-origin', 'content-type': FORM } })).status()).toBe(401);
  await page.goto('/');
  await expectSignedOut(page);

  await accessExpired(elsewhere);
  await visit(there, '/account/sessions');
  await expectSignedIn(there, person);
  await expect(there.getByRole('main').getByRole('listitem')).toHaveCount(1);
});

test('the person is told in their language', async ({ anotherBrowser, thief }) => {
  const context = await anotherBrowser({ locale: 'ja-JP' });
  const page = await context.newPage();
  await member(context);
  const stolen = await steal(context);
  await accessExpired(context);
  await visit(page, '/account');
  await visit(page, '/');
  await thief.post('/api/refresh', { headers: { cookie: stolen, 'sec-fetch-site': 'same-origin', 'content-type': FORM } });

  await page.goto('/');
  await expect(page.getByRole('status').filter({ hasText: '古いサインイン用トークンが再び使われたため' })).toBeVisible();
});
