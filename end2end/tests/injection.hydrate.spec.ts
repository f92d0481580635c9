// Somebody managed to write into a page: what they wrote does not run.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';

test('a script that came from elsewhere does not run', async ({ browser }) => {
  const page = await browser.newPage();
  await visit(page, '/');
  const violated = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective));
        document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = \'broken in\'">');
      }),
  );
  expect(violated).toBe('script-src-attr');
  await expect(page).not.toHaveTitle('broken in');
  await page.close();
});
