// `/learn/flows` as it is rendered: eight flows, each with its recorded messages, sources and sections.

import { visit } from './browsing.ts';
import { JWT } from './cookies.ts';
import { expect, test } from './fixtures.ts';

const names = ['Sign-up', 'Sign-in', 'Calling the API', 'Refresh', 'Sign-out', 'The thief', 'The racing tabs', 'The key rotation'];

test('each flow reads as a list, step by step, with messages, rows, sources and sections', async ({ page }) => {
  await visit(page, '/learn/flows');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(names);
  const flows = page.locator('.flow');
  await expect(flows).toHaveCount(names.length);
  for (let index = 0; index < names.length; index++) {
    const flow = flows.nth(index);
    const steps = flow.locator('.steps > li');
    expect(await steps.count(), names[index]).toBeGreaterThan(3);
    await expect(steps.first()).toHaveAttribute('aria-current', 'step');
    expect(await flow.locator('.message').count(), names[index]).toBeGreaterThan(1);
    expect(await flow.locator('.reading .source').count(), names[index]).toBe(await steps.count());
    expect(await flow.locator('.reading a[href*="rfc-editor.org"]').count(), names[index]).toBe(await steps.count());
  }
  await expect(flows.nth(5)).toContainText('reused');
});

test('no whole token stands in any message', async ({ page }) => {
  await visit(page, '/learn/flows');
  const messages = (await page.locator('.message').allTextContents()).join('\n');
  expect(messages).toContain('__Host-monban_refresh=');
  expect(messages).not.toMatch(JWT);
});
