// The WebAssembly is still on its way: everything works already, as plain HTML.

import type { Page } from '@playwright/test';
import { alive, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, expectSignedOut, header, member, signInHere, signOut, somebody } from './people.ts';

/** Holds the WebAssembly back; gives what lets it through. */
async function holdWasm(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await released;
    // Whoever asked may have moved on to another page.
    await route.continue().catch(() => {});
  });
  return release;
}

test('a form sent before the page is alive signs in', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  const release = await holdWasm(page);
  await page.goto('/sign-in?next=/account/sessions', { waitUntil: 'commit' });
  await signInHere(page, person);

  await expect(page).toHaveURL('/account/sessions');
  await expectSignedIn(page, person);
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
  release();
  await alive(page);
  await expectSignedIn(page, person);
});

test('a form refused before the page is alive says why, and goes on working once it is', async ({ page }) => {
  const person = somebody();
  const release = await holdWasm(page);
  await page.goto('/sign-up', { waitUntil: 'commit' });
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Email').fill('nonsense');
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('That does not look like an email address.');
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');

  release();
  await alive(page);
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('That does not look like an email address.');
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL('/account');
  await expectSignedIn(page, person);
});

test('what was typed before the page is alive stays when it comes alive', async ({ page }) => {
  const release = await holdWasm(page);
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password').fill('kettle orbit');
  await page.getByLabel('Keep me signed in').uncheck();

  release();
  await alive(page);
  await expect(page.getByLabel('Email')).toHaveValue('ada@example.com');
  await expect(page.getByLabel('Password')).toHaveValue('kettle orbit');
  await expect(page.getByLabel('Keep me signed in')).not.toBeChecked();
});

test('one can sign out before the page is alive', async ({ page, context }) => {
  await member(context);
  const release = await holdWasm(page);
  await page.goto('/account', { waitUntil: 'commit' });
  await signOut(page);
  await expectSignedOut(page);
  await expect(page).toHaveURL('/');
  release();
  await alive(page);
  await expectSignedOut(page);
});

test('signed in, the page never shows the signed-out state on its way', async ({ page, context }) => {
  const person = await member(context);
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const text = document.querySelector('header')?.textContent ?? '';
      if (text && text !== seen.at(-1)) seen.push(text);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await visit(page, '/');
  await expectSignedIn(page, person);

  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((text) => text.includes('Sign in'))).toEqual([]);
  await expect(header(page)).toContainText(person.name);
});
