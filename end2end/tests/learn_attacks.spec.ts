// `/learn/attacks` as it is rendered: each attack on a page of its own, what stops it, and what would
// happen otherwise.

import { scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

const ATTACKS: [string, string][] = [
  ['script-injection', 'A script that reads the tokens'],
  ['cross-site', 'A form on another site'],
  ['cookie-tossing', 'A second cookie'],
  ['session-fixation', 'A planted session'],
  ['tampered-token', 'A tampered token'],
  ['replay-inside', 'A stolen refresh token, inside the window'],
  ['replay-after', 'A stolen refresh token, later'],
  ['guessing', 'Guessing passwords'],
  ['open-redirect', 'An open redirect through next'],
  ['timing', 'The timing of an answer'],
];

test('the contents lead to each attack, with a sentence on it', async ({ page }) => {
  await visit(page, '/learn/attacks');
  const entries = page.locator('.contents > li');
  await expect(entries.getByRole('link')).toHaveText(ATTACKS.map(([, name]) => name));
  for (const [index, [segment]] of ATTACKS.entries()) {
    await expect(entries.nth(index).getByRole('link')).toHaveAttribute('href', `/learn/attacks/${segment}`);
    await expect(entries.nth(index).locator('p')).toHaveText(/.{20,}\.$/);
  }
});

for (const [segment, name] of ATTACKS) {
  test(`${name}: names its line of defence, reads on elsewhere, and draws what would happen without it`, async ({ page }) => {
    await visit(page, `/learn/attacks/${segment}`);
    await expect(page).toHaveTitle(`${name} · Try to break it · Monban`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    const attack = page.locator('section.attack');
    expect(await attack.locator('.defence .source').count()).toBeGreaterThan(0);
    expect(await attack.locator('.defence .reading a').count()).toBeGreaterThan(0);
    expect(await attack.locator('.without .steps > li').count()).toBeGreaterThan(1);
    await expect(attack.getByText('Drawn, not run')).toBeVisible();
    // Without script nothing promises to run.
    expect(await page.getByRole('button', { name: 'Try it' }).filter({ visible: true }).count()).toBe(scripted() ? 1 : 0);
  });
}

test("the visitor's own browser posts a form from another site, and is still signed in", async ({ page, context, monban }) => {
  await member(context);
  await visit(page, '/learn/attacks/cross-site');
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
