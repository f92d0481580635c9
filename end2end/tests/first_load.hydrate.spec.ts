// What a first visit loads.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';

/** The most that it may be, compressed. Twice the bare Leptos counter is 244,000; docs/performance.md says what it is. */
const FIRST_LOAD = 258_000;

test('a first visit is small, and loads nothing of the learning pages', async ({ anotherBrowser, baseURL }) => {
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
