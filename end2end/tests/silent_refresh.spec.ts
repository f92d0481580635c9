// The access token lives for two seconds here; nobody notices.

import { arrive, rememberDocument, scripted, visit } from './browsing.ts';
import { ACCESS, accessExpires, claims, expectNoTokens, generation, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { admit, expectSignedIn, expectSignedOut, header, member, signOut } from './people.ts';

test.use({ settings: { MONBAN_ACCESS_TTL: '2s' } });

test('a reload with an expired access token renews it and shows the account', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  const before = await generation(context);
  await accessExpires(context);

  await page.reload();
  await expectSignedIn(page, person);
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
  expect(await generation(context)).toBeGreaterThan(before);
});

test('a link clicked with an expired access token leads where it says', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpires(context);
  const same = await rememberDocument(page);

  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);
  expect(await same(), 'with script the document stays, without it a new one comes').toBe(scripted());
});

test('a new tab with an expired access token is signed in', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpires(context);

  const tab = await context.newPage();
  await visit(tab, '/account/sessions');
  await expectSignedIn(tab, person);
});

test('a form sent with an expired access token is saved with all that was typed', async ({ page, context }) => {
  const person = await member(context);
  const renamed = { ...person, name: `Countess ${person.name}` };
  await visit(page, '/account');
  await page.getByLabel('Name').fill(renamed.name);
  await accessExpires(context);
  const same = await rememberDocument(page);

  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expectSignedIn(page, renamed);
  expect(await same(), 'with script the document stays, without it a new one comes').toBe(scripted());
  await page.reload();
  await expect(page.getByLabel('Name')).toHaveValue(renamed.name);
});

test('a form refused with an expired access token keeps what was typed', async ({ page, context }) => {
  const person = await member(context);
  const tooLong = 'x'.repeat(101);
  await visit(page, '/account');
  await page.getByLabel('Name').fill(tooLong);
  await accessExpires(context);

  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Use at most 100 characters.');
  await expect(page.getByLabel('Name')).toHaveValue(tooLong);
  await expectSignedIn(page, person);
});

test('who is not kept signed in is renewed as silently', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await admit(context, person, { keep: false });
  await visit(page, '/account');
  await accessExpires(context);

  await page.reload();
  await expectSignedIn(page, person);
  expect((await loadCookie(context, ACCESS)).expires).toBe(-1);
  expect((await loadCookie(context, REFRESH)).expires).toBe(-1);
});

test('a button of the session list works with an expired access token', async ({ page, context, anotherBrowser }) => {
  const person = await member(context);
  await admit(await anotherBrowser(), person);
  await visit(page, '/account/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(2);
  await accessExpires(context);

  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectSignedIn(page, person);
});

test('signing out with an expired access token signs out', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account');
  await accessExpires(context);

  await signOut(page);
  await arrive(page, '/');
  await expectSignedOut(page);
  await expectNoTokens(context);
});

test('renewed again and again, it stays one and the same session', async ({ page, context }) => {
  const person = await member(context);
  const { sid } = claims((await loadCookie(context, REFRESH)).value);
  for (const path of ['/account', '/', '/account/sessions']) {
    await accessExpires(context);
    await visit(page, path);
    await expectSignedIn(page, person);
  }
  expect(claims((await loadCookie(context, REFRESH)).value)).toMatchObject({ sid, gen: 4 });
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
});

test('the renewed page comes in one response, with the name in it and both cookies on it', async ({ context }) => {
  const person = await member(context);
  await accessExpires(context);
  const answer = await context.request.get('/account', { headers: { accept: 'text/html' }, maxRedirects: 0 });

  expect(answer.status()).toBe(200);
  expect(await answer.text()).toContain(person.name);
  const written = answer.headersArray().filter(({ name }) => name.toLowerCase() === 'set-cookie');
  expect(written.map(({ value }) => value.split('=')[0]).sort()).toEqual([ACCESS, REFRESH]);
  expect(answer.headers()['cache-control']).toBe('private, no-store');
});

test('five tabs that reload at once with an expired access token all stay signed in', async ({ page, context }) => {
  const person = await member(context);
  const tabs = [page, ...(await Promise.all([1, 2, 3, 4].map(() => context.newPage())))];
  await Promise.all(tabs.map((tab) => visit(tab, '/account')));
  for (const _ of ['once', 'and again']) {
    await accessExpires(context);
    await Promise.all(tabs.map((tab) => tab.reload()));
    for (const tab of tabs) await expectSignedIn(tab, person);
  }
});
