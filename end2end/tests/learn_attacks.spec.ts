// `/learn/attacks` as it is rendered: each attack, what stops it, and what would happen otherwise.

import { scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

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

test("the visitor's own browser posts a form from another site, and is still signed in", async ({ page, context, monban }) => {
  await member(context);
  await visit(page, '/learn/attacks');
  await page.getByRole('link', { name: 'with your own browser' }).click();
  await expect(page).toHaveURL(`${monban.baseURL.replace('localhost', '127.0.0.1')}/learn/other-site?language=en`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Another site');
  const answered = page.waitForResponse(`${monban.baseURL}/api/sign_out`);
  await page.getByRole('button', { name: 'Win a prize' }).click();
  const answer = await answered;
  expect(answer.status()).toBe(403);
  expect((await answer.request().allHeaders())['sec-fetch-site']).toBe('cross-site');
  expect((await answer.request().allHeaders()).cookie).toBeUndefined();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This request was refused');
  await visit(page, '/account');
  await expect(page).toHaveURL('/account');
});
