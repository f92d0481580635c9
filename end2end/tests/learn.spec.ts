// The learning pages as a whole: they read without any script, in both languages, and hide where they should.

import { pages, scripted, visit } from './browsing.ts';
import { ACCESS, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { Monban } from './monban.ts';
import { header, member } from './people.ts';

/** The most that a first visit may load, compressed: twice the bare Leptos counter. */
const FIRST_LOAD = 244_000;

test('the front page leads to them, and they lead to one another', async ({ page }) => {
  await visit(page, '/');
  await page.getByRole('link', { name: 'How all this works' }).click();
  await expect(page).toHaveURL('/learn');
  const lessons = page.getByRole('navigation', { name: 'Lessons' });
  for (const path of pages.learn) {
    await lessons.locator(`a[href="${path}"]`).click();
    await expect(page).toHaveURL(path);
    await expect(lessons.locator('[aria-current=page]')).toHaveAttribute('href', path);
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
      expect(text, path).toContain(word);
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

test('a first visit loads nothing of them', async ({ anotherBrowser, baseURL }) => {
  test.skip(!scripted(), 'without script, no page loads any');
  for (const path of ['/', '/sign-in']) {
    const context = await anotherBrowser({ baseURL: baseURL ?? '' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    const names = new Map<string, string>();
    session.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (names.get(requestId)?.includes('/pkg/')) bytes += encodedDataLength;
    });
    await visit(page, path);
    await page.waitForLoadState('networkidle');
    expect([...names.values()].filter((url) => url.includes('learn')), path).toEqual([]);
    expect(bytes, path).toBeGreaterThan(100_000);
    // What is loaded, and the headers that it comes with.
    expect(bytes, path).toBeLessThan(FIRST_LOAD + 5 * 1024);
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
