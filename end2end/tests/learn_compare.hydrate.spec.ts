// `/learn/compare` alive: this machine's own figures.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';

test('what is measured is drawn and listed, and measuring again at once is refused in words', async ({ page }) => {
  await visit(page, '/learn/compare');
  await expect(page.locator('.figures')).toHaveCount(0);
  const button = page.getByRole('button', { name: 'Measure here' });
  await button.click();
  await expect(page.getByRole('status').filter({ hasText: 'Measured:' })).toBeVisible({ timeout: 15_000 });
  const rows = page.locator('.figures tbody tr');
  await expect(rows.getByRole('rowheader')).toHaveText([
    'JWT alone',
    'JWT and denylist',
    'JWT and denylist, signature remembered',
    'Session in SQLite',
    'API key in SQLite',
  ]);
  await expect(page.locator('.ways svg')).toHaveCount(5);
  for (const row of await rows.all()) {
    const cells = (await row.getByRole('cell').allTextContents()).map((text) => Number(text.replaceAll(',', '')));
    const [p50 = 0, p95 = 0, p99 = 0, , checks = 0, bytes = 0] = cells;
    expect(p50).toBeGreaterThan(0);
    expect(p95).toBeGreaterThanOrEqual(p50);
    expect(p99).toBeGreaterThanOrEqual(p95);
    expect(checks).toBeGreaterThan(100);
    expect(bytes).toBeGreaterThan(20);
  }
  await button.click();
  await expect(page.getByRole('status').filter({ hasText: 'Not now' })).toBeVisible();
  await expect(rows).toHaveCount(5);
});
