// `/account/sessions`: where one is signed in, and ending it from afar.

import { arrive, visit } from './browsing.ts';
import { ACCESS, expectNoTokens, loadCookie } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { admit, expectSignedIn, expectSignedOut, member } from './people.ts';

const REVOKED = 'This session was ended from another device.';

test('each session is there in words, and one of them is this device', async ({ page, context, anotherBrowser }) => {
  const person = await member(context);
  await admit(await anotherBrowser(), person);
  await visit(page, '/account/sessions');

  await expect(page.getByRole('heading', { name: "Where you're signed in" })).toBeVisible();
  const sessions = page.getByRole('main').getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  for (const session of await sessions.all()) {
    await expect(session.getByRole('heading')).toHaveText(/^Chrome on \S+/);
    await expect(session.getByRole('definition').nth(0)).toHaveText('127.0.0.1');
    await expect(session.getByRole('definition').nth(1)).toHaveText(/^\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d UTC$/);
    await expect(session.getByRole('definition').nth(2)).toHaveText(/^\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d UTC$/);
    await expect(session.getByRole('button', { name: 'Sign out' })).toBeVisible();
  }
  await expect(sessions.getByText('This device', { exact: true })).toHaveCount(1);
  await expect(sessions.filter({ has: page.getByText('This device', { exact: true }) })).toHaveCount(1);
});

test('who is signed in here only has nothing to sign out elsewhere', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account/sessions');

  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0);
});

test('signing out another device ends it there, and its next page says why', async ({ page, context, anotherBrowser }) => {
  const person = await member(context);
  const other = await anotherBrowser();
  await admit(other, person);
  const there = await other.newPage();
  await visit(there, '/account');
  await expectSignedIn(there, person);

  await visit(page, '/account/sessions');
  const sessions = page.getByRole('main').getByRole('listitem');
  await sessions.filter({ hasNot: page.getByText('This device', { exact: true }) }).getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'That device is signed out.' })).toBeVisible();
  await expect(sessions).toHaveCount(1);
  await expectSignedIn(page, person);

  await there.goto('/account');
  await arrive(there, '/sign-in?next=/account');
  await expect(there.getByRole('status').filter({ hasText: REVOKED })).toBeVisible();
  await expectSignedOut(there);
});

test('"Sign out everywhere else" ends every other session and not this one', async ({ page, context, anotherBrowser }) => {
  const person = await member(context);
  const others = [await anotherBrowser(), await anotherBrowser()];
  for (const other of others) await admit(other, person);

  await visit(page, '/account/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(3);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'You are signed out everywhere else.' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);

  for (const other of others) {
    const there = await other.newPage();
    await there.goto('/');
    await expect(there.getByRole('status').filter({ hasText: REVOKED })).toBeVisible();
    await expectSignedOut(there);
  }
  await page.reload();
  await expectSignedIn(page, person);
});

test('why a session ended is said once', async ({ page, context, anotherBrowser }) => {
  const person = await member(context);
  const other = await anotherBrowser();
  await admit(other, person);
  await visit(page, '/account/sessions');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);

  const there = await other.newPage();
  await visit(there, '/');
  await expect(there.getByText(REVOKED)).toBeVisible();
  await visit(there, '/');
  await expect(there.getByText(REVOKED)).toHaveCount(0);
});

test('an access token of a session that was ended is refused at once', async ({ context, page, anotherBrowser, playwright, baseURL }) => {
  const person = await member(context);
  const other = await anotherBrowser();
  await admit(other, person);
  const access = await loadCookie(other, ACCESS);
  const copy = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { cookie: `${ACCESS}=${access.value}` } });
  expect((await copy.get('/api/who_am_i')).status()).toBe(200);

  await visit(page, '/account/sessions');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);

  const answer = await copy.get('/api/who_am_i');
  expect(answer.status()).toBe(401);
  expect(answer.headers()['monban-code']).toBe('session_ended');
  await copy.dispose();
});

test('signing out this device signs out here', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account/sessions');
  await page.getByRole('main').getByRole('listitem').getByRole('button', { name: 'Sign out' }).click();

  await arrive(page, '/');
  await expectSignedOut(page);
  await expectNoTokens(context);
});

test('nobody can end the session of somebody else', async ({ context, anotherBrowser }) => {
  await member(context);
  const other = await anotherBrowser();
  const stranger = await member(other);
  const theirs: { id: string }[] = await (await other.request.get('/api/list_sessions')).json();
  expect(theirs).toHaveLength(1);

  await context.request.post('/api/end_session', {
    form: { id: theirs[0]?.id ?? '' },
    headers: { 'sec-fetch-site': 'same-origin' },
  });

  const there = await other.newPage();
  await visit(there, '/account');
  await expectSignedIn(there, stranger);
});
