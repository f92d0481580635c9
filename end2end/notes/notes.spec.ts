// The example app in `examples/notes`: accounts from Monban's crates, pages and a table of its own.

import { resolve } from 'node:path';
import { arrive, scripted, visit } from '../tests/browsing.ts';
import { accessExpires, expectNoTokens, generation } from '../tests/cookies.ts';
import { expect, test } from '../tests/fixtures.ts';
import { expectSignedIn, expectSignedOut, member, signIn, signOut, signUp, somebody } from '../tests/people.ts';

const site = resolve(import.meta.dirname, '../../examples/notes/target/site');

test.use({
  settings: { MONBAN_ACCESS_TTL: '2s', LEPTOS_OUTPUT_NAME: 'notes', LEPTOS_SITE_ROOT: site },
});

test('somebody signs up there, writes a note with a stale access token, and nobody else sees it', async ({ page, context, anotherBrowser }) => {
  const person = somebody();
  await signUp(page, person);
  await arrive(page, '/account');
  await expectSignedIn(page, person);
  await page.getByRole('link', { name: 'Your notes' }).click();
  await arrive(page, '/');

  const before = await generation(context);
  await page.getByLabel('New note').fill('Buy plums');
  await accessExpires(context);
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('listitem')).toHaveText(['Buy plums']);
  expect(await generation(context), 'renewed on the way').toBeGreaterThan(before);

  await signOut(page);
  await expectSignedOut(page);
  await expectNoTokens(context);
  await visit(page, '/');
  await arrive(page, '/sign-in?next=/');

  const other = await anotherBrowser({ javaScriptEnabled: scripted() });
  await member(other);
  const theirs = await other.newPage();
  await visit(theirs, '/');
  await expect(theirs.getByRole('heading', { name: 'Your notes' })).toBeVisible();
  await expect(theirs.getByRole('listitem')).toHaveCount(0);

  await signIn(page, person);
  await visit(page, '/');
  await expect(page.getByRole('listitem')).toHaveText(['Buy plums']);
});

test('a note that is kept leaves the form, and one that is not stays in it with the reason', async ({ page, context }) => {
  await member(context);
  await visit(page, '/');
  const text = page.getByLabel('New note');
  const add = page.getByRole('button', { name: 'Add' });
  for (const { typed, reason } of [
    { typed: ' ', reason: 'Please fill this in.' },
    { typed: 'n'.repeat(501), reason: 'This is too long.' },
  ]) {
    await text.fill(typed);
    await add.click();
    await expect(page.getByText(reason)).toBeVisible();
    await expect(text).toHaveAttribute('aria-invalid', 'true');
    await expect(text).toHaveValue(typed);
    await expect(text).toBeFocused();
  }
  await expect(page.getByRole('listitem')).toHaveCount(0);
  const kept: string[] = [];
  for (const note of ['Buy plums', 'Eat them']) {
    kept.unshift(note);
    await text.fill(note);
    await add.click();
    await expect(page.getByRole('listitem')).toHaveText(kept);
    await expect(text).toHaveValue('');
    await expect(text).not.toHaveAttribute('aria-invalid');
  }
});

test('a page for editors is for editors, and so is what stands behind it', async ({ page, context, monban }) => {
  const person = await member(context);
  await visit(page, '/editors');
  await expect(page.getByRole('heading', { name: 'Notes in all' })).toHaveCount(0);
  await expect(page.getByText('Notes in all')).toHaveCount(0);
  // Renewed before, as the living page's client does it: the access token may be stale by now.
  const asked = async () => {
    await context.request.post('/api/refresh', { form: {}, headers: { 'sec-fetch-site': 'same-origin' } });
    return (await context.request.get('/api/count_notes')).status();
  };
  await expect.poll(asked).toBe(403);

  await monban.command('users', 'grant', person.email, 'editor');
  await expect(async () => {
    await visit(page, '/editors');
    await expect(page.getByText('Notes in all')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
});

test('server functions of the app know nobody who is not signed in, nor a form from elsewhere', async ({ context }) => {
  expect((await context.request.get('/api/list_notes')).status()).toBe(401);
  const foreign = { 'sec-fetch-site': 'cross-site' };
  await member(context);
  const sent = await context.request.post('/api/add_note', { form: { text: 'planted' }, headers: foreign });
  expect(sent.status()).toBe(403);
});

test('the account pages wear the look of the app', async ({ page }) => {
  await visit(page, '/sign-in');
  const button = page.getByRole('main').getByRole('button', { name: 'Sign in' });
  await expect(button).toHaveCSS('border-radius', '8px');
  await expect(page).toHaveTitle('Sign in · Notes');
});
