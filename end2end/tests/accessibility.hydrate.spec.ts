// axe finds nothing on any page, in either theme, in either language. (It is a script itself, so what it
// can look at without the page's own script is the page before that has arrived.)

import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { pages, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { admit, member, signInHere, signUp, somebody } from './people.ts';

const looks = ['light', 'dark'].flatMap((theme) => ['en', 'ja'].map((language) => ({ theme, language })));

async function choose(context: BrowserContext, baseURL: string, theme: string, language: string): Promise<void> {
  await context.addCookies([
    { name: 'monban_theme', value: theme, url: baseURL },
    { name: 'monban_language', value: language, url: baseURL },
  ]);
}

/** What axe finds on the page, in a few words each. */
async function faults(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  expect(passes.length).toBeGreaterThan(5);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

for (const { theme, language } of looks) {
  test(`axe finds nothing on a stranger’s pages, ${theme}, ${language}`, async ({ page, context, baseURL }) => {
    await choose(context, baseURL ?? '', theme, language);
    for (const path of pages.stranger) {
      await visit(page, path);
      await expect(page.locator(`html[data-theme=${theme}][lang=${language}]`)).toBeAttached();
      expect(await faults(page), path).toEqual([]);
    }
  });

  test(`axe finds nothing on a member’s pages, ${theme}, ${language}`, async ({ page, context, baseURL, anotherBrowser }) => {
    await choose(context, baseURL ?? '', theme, language);
    await admit(await anotherBrowser(), await member(context));
    for (const path of pages.member) {
      await visit(page, path);
      expect(await faults(page), path).toEqual([]);
    }
  });
}

for (const { theme, language } of looks) {
  test(`axe finds nothing on the learning pages, ${theme}, ${language}`, async ({ page, context, baseURL }) => {
    await choose(context, baseURL ?? '', theme, language);
    await member(context);
    for (const path of pages.learn) {
      await visit(page, path);
      expect(await faults(page), path).toEqual([]);
    }
  });
}

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing on forms with faults, ${theme}`, async ({ page, context, baseURL }) => {
    await choose(context, baseURL ?? '', theme, 'en');
    await signUp(page, { ...somebody(), name: '', email: 'nonsense', password: 'short' });
    await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
    expect(await faults(page), 'sign up').toEqual([]);

    await visit(page, '/sign-in');
    await signInHere(page, { email: 'ada@example.com', password: 'not the one, sorry' });
    await expect(page.getByRole('alert')).toBeVisible();
    expect(await faults(page), 'sign in').toEqual([]);
  });
}

test('axe finds nothing on the administrators’ page, nor where it is refused', async ({ page, context, monban }) => {
  const person = await member(context);
  await visit(page, '/admin/keys');
  expect(await faults(page), 'refused').toEqual([]);
  await monban.command('users', 'grant', person.email, 'admin');
  await admit(context, person);
  for (const theme of ['light', 'dark']) {
    await choose(context, monban.baseURL, theme, 'en');
    await visit(page, '/admin/keys');
    await expect(page.getByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(await faults(page), theme).toEqual([]);
  }
});

test('axe finds nothing on pages that have not come alive', async ({ page, context }) => {
  // Held back for good.
  await page.route('**/*.wasm', () => {});
  const look = async (path: string) => {
    await page.goto(path, { waitUntil: 'domcontentloaded' });
    await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
    expect(await faults(page), path).toEqual([]);
  };
  for (const path of pages.stranger) await look(path);
  await member(context);
  for (const path of pages.member) await look(path);
});
