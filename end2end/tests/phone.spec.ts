// A phone 360 pixels wide: nothing to scroll sideways, everything large enough to touch.

import type { Page } from '@playwright/test';
import { pages, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { admit, member, signUp, somebody } from './people.ts';

test.use({ viewport: { width: 360, height: 740 } });

/** Elements that stick out to the right. */
async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const out = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 0.5);
    return [`${document.documentElement.scrollWidth} wide`, ...out.map((element) => `${element.tagName}.${element.className}`)];
  });
}

/** Controls under 24 by 24 pixels (WCAG 2.2, 2.5.8), but for links within a sentence. */
async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('header a, header button, main button, main input:not([type=hidden], [type=checkbox]), main label.check, a.button')].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width < 24 || height < 24 ? [`${element.tagName} ${element.textContent}: ${width}×${height}`] : [];
    }),
  );
}

for (const language of ['en', 'ja']) {
  test(`no page scrolls sideways, ${language}`, async ({ page, context, baseURL, anotherBrowser }) => {
    await context.addCookies([{ name: 'monban_language', value: language, url: baseURL ?? '' }]);
    const look = async (path: string) => {
      await visit(page, path);
      expect(await sticksOut(page), path).toEqual([]);
      expect(await tooSmall(page), path).toEqual([]);
    };
    for (const path of pages.stranger) await look(path);
    await admit(await anotherBrowser(), await member(context));
    for (const path of [...pages.member, ...pages.learn]) await look(path);
  });
}

test('nor does a form with faults', async ({ page }) => {
  await signUp(page, { ...somebody(), name: '', email: 'x'.repeat(200), password: 'short' });
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
  expect(await sticksOut(page)).toEqual([]);
});

test('nor does a page with the longest name and address there can be', async ({ page, context }) => {
  const person = { ...somebody(), name: 'W'.repeat(100), email: `${'w'.repeat(64)}@${`${'w'.repeat(60)}.`.repeat(3)}com` };
  await signUp(page, person);
  await expect(page).toHaveURL('/account');
  for (const path of pages.member) {
    await visit(page, path);
    expect(await sticksOut(page), path).toEqual([]);
  }
  expect((await context.cookies()).length).toBeGreaterThan(1);
});
