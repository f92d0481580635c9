// A running Monban for the tests of a file:
//
//     import { expect, test } from './fixtures.ts';
//     test.use({ settings: { MONBAN_ACCESS_TTL: '2s' } });
//
//     test('…', async ({ page }) => { await visit(page, '/'); … });
//
// The server lives as long as the worker does, so files with the same settings may share one: a test
// makes its own account. `settings` belongs at the top of a file, not inside a `describe`.
//
// Every test also fails if a script of a page throws, if anything is written to the console as an
// error, or if a page breaks its own Content-Security-Policy.

import { test as base, type BrowserContext, type BrowserContextOptions, expect } from '@playwright/test';
import { Monban, type Settings } from './monban.ts';

export { expect };
export { type Monban, type Settings };

interface ForATest {
  /** Opens another browser: its own cookies, its own storage. */
  anotherBrowser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  logOnFailure: void;
}

interface ForAWorker {
  settings: Settings;
  monban: Monban;
}

/** What a password hash costs is measured elsewhere; here it only takes time. Everybody comes from one network. */
const forTests = { MONBAN_ARGON2_MEMORY: '64', MONBAN_ARGON2_ITERATIONS: '1', MONBAN_SIGN_UP_ATTEMPTS: '0' };

export const test = base.extend<ForATest, ForAWorker>({
  settings: [{}, { scope: 'worker', option: true }],

  monban: [
    async ({ settings }, use) => {
      const monban = await Monban.start({ ...forTests, ...settings });
      await use(monban);
      await monban.remove();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ monban }, use) => use(monban.baseURL),

  context: async ({ context }, use) => {
    const complaints = listen(context);
    await use(context);
    expect(complaints, 'what the browser complained about').toEqual([]);
  },

  anotherBrowser: async ({ browser }, use) => {
    const opened: BrowserContext[] = [];
    const complaints: string[][] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      opened.push(context);
      complaints.push(listen(context));
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
    expect(complaints.flat(), 'what another browser complained about').toEqual([]);
  },

  logOnFailure: [
    async ({ monban }, use, info) => {
      const before = monban.log.length;
      await use();
      if (info.status !== info.expectedStatus) {
        await info.attach('monban.log', { body: monban.log.slice(before), contentType: 'text/plain' });
      }
    },
    { auto: true },
  ],
});

/** Collects what goes wrong in a browser's pages, from now on. */
function listen(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('weberror', (event) => complaints.push(String(event.error())));
  context.on('console', (message) => {
    // The browser says this of every answer of 400 and more, and of every request that finds nobody.
    // Whether such an answer is right, the test at hand knows.
    const answer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !answer) complaints.push(message.text());
  });
  return complaints;
}
