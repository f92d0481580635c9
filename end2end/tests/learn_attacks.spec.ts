// `/learn/attacks` as it is rendered: each attack, what stops it, and what would happen otherwise.

import { scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';

const ATTACKS = [
  'A script that reads the tokens',
  'A form on another site',
  'A second cookie',
  'A planted session',
  'A tampered token',
  'A stolen refresh token, inside the window',
  'A stolen refresh token, later',
  'Guessing passwords',
  'A way out through next',
  'The time of an answer',
];

test('each attack names its line of defence, reads on elsewhere, and draws what would happen without it', async ({ page }) => {
  await visit(page, '/learn/attacks');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(ATTACKS);
  for (const attack of await page.locator('section.attack').all()) {
    const name = (await attack.getByRole('heading', { level: 2 }).textContent()) ?? '';
    expect(await attack.locator('.defence .source').count(), name).toBeGreaterThan(0);
    expect(await attack.locator('.defence .reading a').count(), name).toBeGreaterThan(0);
    expect(await attack.locator('.without .steps > li').count(), name).toBeGreaterThan(1);
    await expect(attack.getByText('Drawn, not run'), name).toBeVisible();
  }
});

test('without script nothing promises to run, with it each can be tried', async ({ page }) => {
  await visit(page, '/learn/attacks');
  const visible = await page.getByRole('button', { name: 'Try it' }).filter({ visible: true }).count();
  expect(visible).toBe(scripted() ? ATTACKS.length : 0);
});
