// The keyboard leads everywhere, and every page has the shape that a screen reader goes by.

import { pages, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { header, member } from './people.ts';

test('the first Tab on every page is a link that skips to the content', async ({ page }) => {
  for (const path of pages.stranger) {
    await visit(page, path);
    // A form that nobody has sent yet takes no focus away.
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await expect(skip, path).toBeFocused();
    await expect(skip, path).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main'), path).toBeFocused();
  }
});

test('every control shows when it has the focus', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account');
  const bare: string[] = [];
  let seen = 0;
  await page.keyboard.press('Tab');
  for (; seen < 60; seen++) {
    const { tag, text, ring } = await page.evaluate(() => {
      const focused = document.activeElement ?? document.body;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      const ring = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      return { tag: focused.tagName, text: focused.textContent, ring };
    });
    if (tag === 'BODY') break;
    if (!ring) bare.push(`${tag} ${text}`);
    await page.keyboard.press('Tab');
  }
  expect(bare).toEqual([]);
  expect(seen).toBeGreaterThan(8);
});

test('every page has one heading of the first level, a title and landmarks', async ({ page, context }) => {
  const titles = new Set<string>();
  const look = async (path: string) => {
    await visit(page, path);
    await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
    await expect(header(page), path).toBeVisible();
    await expect(page.getByRole('main'), path).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Main' }), path).toBeVisible();
    titles.add(await page.title());
  };
  for (const path of pages.stranger) await look(path);
  await member(context);
  for (const path of ['/account', '/account/sessions']) await look(path);
  expect(titles.size).toBe(6);
});
