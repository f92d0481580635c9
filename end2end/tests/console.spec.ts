// No page makes the browser complain. (The other tests watch for errors, too; this one also minds
// warnings, failed requests and breaches of the Content-Security-Policy on every page.)

import type { Page } from '@playwright/test';
import { pages, scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    // Without script, the browser gives up a script that it was told to load ahead.
    if (scripted()) complaints.push(`${request.failure()?.errorText}: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}

for (const who of ['stranger', 'member'] as const) {
  for (const path of pages[who].filter((path) => path !== '/no-such-page')) {
    test(`${path} is quiet for a ${who}`, async ({ page, context }) => {
      if (who === 'member') await member(context);
      const complaints = watch(page);
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`${event.violatedDirective} forbids ${event.blockedURI}`);
        });
      });
      await visit(page, path);
      await page.waitForLoadState('networkidle');
      expect(complaints).toEqual([]);
    });
  }
}
