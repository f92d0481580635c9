// The learning pages as a whole: they read without any script, in both languages, and hide where they should.

import { pages, scripted, visit } from './browsing.ts';
import { ACCESS, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { Monban } from './monban.ts';
import { header, member } from './people.ts';

test('the front page leads to them, and they lead to one another', async ({ page }) => {
  await visit(page, '/');
  await page.getByRole('link', { name: 'See how it works' }).click();
  await expect(page).toHaveURL('/learn');
  const lessons = page.getByRole('navigation', { name: 'Lessons' });
  for (const path of pages.learn) {
    const [, , lesson, item] = path.split('/');
    const way = item ? page.locator('.contents') : lessons;
    await way.locator(`a[href="${path}"]`).click();
    await expect(page).toHaveURL(path);
    await expect(lessons.locator('[aria-current]')).toHaveAttribute('href', item ? `/learn/${lesson}` : path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  }
});

for (const [language, word] of [['en', 'session'], ['ja', 'セッション']] as const) {
  test(`each has something to read, ${language}`, async ({ page, context, baseURL }) => {
    await context.addCookies([{ name: 'monban_language', value: language, url: baseURL ?? '' }]);
    for (const path of pages.learn) {
      await visit(page, path);
      const prose = page.locator('.prose');
      await expect(prose.first(), path).toBeVisible();
      const text = (await prose.allInnerTexts()).join(' ');
      expect(text.length, path).toBeGreaterThan(100);
      // One flow or attack may be about something else.
      if (path.split('/').length <= 3) expect(text, path).toContain(word);
    }
  });
}

test('no page of them holds the signature of a real token, nor does anything that it loads', async ({ page, context }) => {
  await member(context);
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => bodies.push(response.body().then((body) => body.toString('latin1'), () => '')));
  for (const path of pages.learn) await visit(page, path);
  const held = await Promise.all([ACCESS, REFRESH].map((name) => loadCookie(context, name)));
  const loaded = (await Promise.all(bodies)).join('\n') + (await page.content());
  expect(held).toHaveLength(2);
  for (const { value } of held) {
    const [head, payload, signature] = value.split('.');
    expect(signature?.length).toBeGreaterThan(40);
    // The header is the same in every token of the key.
    expect(loaded).toContain(head);
    expect(loaded).not.toContain(payload);
    expect(loaded).not.toContain(signature);
  }
});

test('where they are turned off, there is nothing of them', async ({ browser }) => {
  const monban = await Monban.start({ MONBAN_LEARN: 'false' });
  const context = await browser.newContext({ baseURL: monban.baseURL, javaScriptEnabled: scripted() });
  try {
    const page = await context.newPage();
    for (const path of pages.learn) {
      expect((await page.goto(path))?.status(), path).toBe(404);
      await expect(page.locator('.prose')).toHaveCount(0);
    }
    await visit(page, '/');
    await expect(header(page)).toBeVisible();
    await expect(page.locator('a[href^="/learn"]')).toHaveCount(0);
    const answer = await context.request.get('/api/learn/forge_tokens');
    expect(answer.status()).toBe(404);
  } finally {
    await context.close();
    await monban.remove();
  }
});
