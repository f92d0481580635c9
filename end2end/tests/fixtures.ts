// A running Monban for the tests of a file:
//
//     import { expect, test } from './fixtures.ts';
//     test.use({ settings: { MONBAN_ACCESS_TTL: '2s' } });
//
//     test('…', async ({ page }) => { await page.goto('/'); … });
//
// The server lives as long as the worker does, so files with the same settings may share one: a test
// makes its own account. `settings` belongs at the top of a file, not inside a `describe`.

import { test as base } from '@playwright/test';
import { Monban, type Settings } from './monban.ts';

export { expect } from '@playwright/test';
export { type Monban, type Settings };

export const test = base.extend<{ logOnFailure: void }, { settings: Settings; monban: Monban }>({
  settings: [{}, { scope: 'worker', option: true }],

  monban: [
    async ({ settings }, use) => {
      const monban = await Monban.start(settings);
      await use(monban);
      await monban.remove();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ monban }, use) => use(monban.baseURL),

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
