// `/learn/flows/…` alive: stepping with buttons and arrow keys, and running each flow.

import { visit } from './browsing.ts';
import { JWT } from './cookies.ts';
import { expect, test } from './fixtures.ts';

test('buttons and arrow keys step through a flow, and say where one is', async ({ page }) => {
  await visit(page, '/learn/flows/sign-up');
  const flow = page.locator('.flow');
  const current = flow.locator('.steps > [aria-current=step]');
  const count = await flow.locator('.steps > li').count();
  await expect(flow.getByRole('status')).toContainText(`Step 1 of ${count}.`);
  await flow.getByRole('button', { name: 'Next' }).click();
  await expect(flow.getByRole('status')).toContainText(`Step 2 of ${count}.`);
  await page.keyboard.press('ArrowRight');
  await flow.getByRole('region').focus();
  await page.keyboard.press('ArrowRight');
  await expect(flow.getByRole('status')).toContainText(`Step 3 of ${count}.`);
  await expect(current).toHaveCount(1);
  await expect(flow.locator('details[open]')).toHaveCount(1);
  await page.keyboard.press('ArrowLeft');
  await expect(flow.getByRole('status')).toContainText(`Step 2 of ${count}.`);
});

const promises: [string, string, string][] = [
  ['sign-up', 'Sign-up', '__Host-monban_access='],
  ['sign-in', 'Sign-in', 'invalid_credentials'],
  ['call-api', 'Calling the API', 'Bearer'],
  ['refresh', 'Refresh', '__Host-monban_refresh='],
  ['sign-out', 'Sign-out', 'clear-site-data'],
  ['theft', 'Theft', 'reused'],
  ['racing-tabs', 'Racing tabs', '__Host-monban_refresh='],
  ['key-rotation', 'Key rotation', 'keys'],
];
for (const [segment, name, shown] of promises) {
  test(`${name} runs in the sandbox, and shows what came back`, async ({ page, monban }) => {
    await visit(page, `/learn/flows/${segment}`);
    const flow = page.locator('.flow');
    await flow.getByRole('button', { name: 'Run it' }).click();
    await expect(flow).toContainText('This really came back, just now, from the sandbox.');
    await expect(flow.getByRole('alert')).toBeHidden();
    const text = (await flow.locator('.steps').textContent()) ?? '';
    expect(text).toContain(shown);
    expect(text).not.toMatch(JWT);
    // Nobody was added here.
    expect(await monban.command('users', 'list')).not.toContain('sandbox');
  });
}
