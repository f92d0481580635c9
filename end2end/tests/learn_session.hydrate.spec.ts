// `/learn/session` alive: each button does what it says, the timeline shows it, and the browser holds it.

import type { Page } from '@playwright/test';
import { visit } from './browsing.ts';
import { ACCESS, findCookie, generation, loadCookie, REFRESH } from './cookies.ts';
import { expect, type Monban, test } from './fixtures.ts';
import { admit, expectSignedOut, header, member, type Person } from './people.ts';

const timeline = (page: Page) => page.getByRole('region', { name: 'What happens' }).first().locator('ol > li');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The generations of a person's live sessions, as the database holds them. */
async function stored(monban: Monban, { email }: Person): Promise<number[]> {
  const shown = await monban.command('users', 'show', email);
  return [...shown.matchAll(/^[0-9a-f-]{36} +(\d+) /gm)].map(([, generation]) => Number(generation));
}

async function open(page: Page): Promise<void> {
  await visit(page, '/learn/session');
  // Watching has begun when the first look was answered.
  await page.waitForResponse((response) => response.url().includes('session_events') && response.ok());
}

test('both cookies are there as the browser was told to keep them, and no script sees them', async ({ page, context }) => {
  await member(context);
  await open(page);
  for (const [index, name] of [ACCESS, REFRESH].entries()) {
    const cookie = page.locator('.cookie').nth(index);
    const { value } = await loadCookie(context, name);
    await expect(cookie.getByRole('heading')).toHaveText(name);
    await expect(cookie).toContainText('HttpOnly; SameSite=Lax; Secure; Path=/');
    await expect(cookie).toContainText(`${name.length + 1 + value.length} bytes`);
    await expect(cookie.locator('pre')).toContainText('"gen": 1');
    const instant = /^\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d UTC$/;
    await expect(cookie.getByRole('definition').nth(2)).toHaveText(instant);
    await expect(cookie.getByRole('definition').nth(3)).toHaveText(/^outlives the browser: Max-Age keeps it until \d{1,2} [A-Z]/);
  }
  await expect(page.getByTestId('generation')).toHaveText('1');
  await expect(page.getByTestId('document-cookie')).not.toContainText('monban_access');
  await expect(page.getByTestId('document-cookie')).toHaveText(/^".*"$/);
});

test('a call is answered, and an expired access token is renewed on the way', async ({ page, context, monban }) => {
  const person = await member(context);
  await open(page);
  await press(page, 'Call a protected function');
  await expect(timeline(page).filter({ hasText: '/api/who_am_i, generation 1' })).toHaveCount(1);

  await press(page, 'Let my access token expire');
  // The look at the session that follows is the first to be refused, and renews.
  await expect(timeline(page).filter({ hasText: '401 session_expired' })).toHaveCount(1);
  await expect(timeline(page).filter({ hasText: 'rotate: 1 → 2' })).toHaveCount(1);
  await expect(page.getByTestId('generation')).toHaveText('2');
  expect(await generation(context)).toBe(2);
  expect(await stored(monban, person)).toEqual([2]);
});

test('five calls at once are served by one refresh', async ({ page, context, monban }) => {
  const person = await member(context);
  await open(page);
  await press(page, 'Expire it, then call five times at once');
  await expect(timeline(page).filter({ hasText: '/api/who_am_i, generation 2' })).toHaveCount(5);
  await expect(timeline(page).filter({ hasText: '401 session_expired' })).toHaveCount(5);
  await expect(timeline(page).filter({ hasText: 'rotate: 1 → 2' })).toHaveCount(1);
  await expect(timeline(page).filter({ hasText: 'rotate: 2 → 3' })).toHaveCount(0);
  expect(await generation(context)).toBe(2);
  expect(await stored(monban, person)).toEqual([2]);
});

test('a reply that is lost is mended: the same generation again', async ({ page, context, monban }) => {
  const person = await member(context);
  await open(page);
  await press(page, 'Lose the reply to the next refresh');
  await expect(timeline(page).filter({ hasText: 'rotate: 1 → 2' })).toHaveCount(1);
  await expect(timeline(page).filter({ hasText: 'the reply is lost' })).toHaveCount(1);
  await expect(timeline(page).filter({ hasText: 'repeat: 2 again' })).toHaveCount(1);
  await expect(timeline(page).filter({ hasText: '/api/who_am_i, generation 2' })).toHaveCount(1);
  expect(await generation(context)).toBe(2);
  expect(await stored(monban, person)).toEqual([2]);
});

test('a replay ends the session, says why here and on the next page', async ({ page, context, anotherBrowser, monban }) => {
  const person = await member(context);
  const elsewhere = await anotherBrowser();
  await admit(elsewhere, person);
  await open(page);
  await press(page, 'Replay an old refresh token …');
  await press(page, 'End my session to see it');
  await expect(timeline(page).filter({ hasText: 'the copy is used' })).toHaveCount(1);
  await expect(timeline(page).filter({ hasText: 'an old sign-in token was used again' })).toHaveCount(1);

  // The session elsewhere is the only one left.
  expect(await stored(monban, person)).toEqual([1]);
  await page.goto('/account');
  await expectSignedOut(page);
  await expect(page.getByRole('status').filter({ hasText: 'an old sign-in token was used again' })).toBeVisible();
  const spared = await elsewhere.newPage();
  await spared.goto('/account');
  await expect(header(spared).getByRole('link', { name: person.name })).toBeVisible();
});

test('signing out in a second tab signs this one out', async ({ page, context, monban }) => {
  const person = await member(context);
  await open(page);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open a second tab and sign out there' }).click();
  const second = await opened;
  await header(second).getByRole('button', { name: 'Sign out' }).click();
  await expectSignedOut(page);
  expect(await findCookie(context, ACCESS)).toBeUndefined();
  expect(await stored(monban, person)).toEqual([]);
});
