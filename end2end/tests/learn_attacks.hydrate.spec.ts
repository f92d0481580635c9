// `/learn/attacks/…` alive: each attack is tried, and what really came back is shown.

import { visit } from './browsing.ts';
import { JWT } from './cookies.ts';
import { expect, test } from './fixtures.ts';

/** Each attack, and what its run must show. */
const ATTACKS: [string, string, RegExp][] = [
  ['script-injection', 'A script that reads the tokens', /HttpOnly/],
  ['cross-site', 'A form on another site', /403 Forbidden/],
  ['cookie-tossing', 'A second cookie', /__Host-monban_access/],
  ['session-fixation', 'A planted session', /set-cookie: __Host-monban_access/i],
  ['tampered-token', 'A tampered token', /401 Unauthorized/],
  ['replay-inside', 'A stolen refresh token, inside the window', /200 OK/],
  ['replay-after', 'A stolen refresh token, later', /reused/],
  ['guessing', 'Guessing passwords', /429 Too Many Requests/],
  ['open-redirect', 'An open redirect through next', /evil\.example/],
  ['timing', 'The timing of an answer', /401 Unauthorized/],
];

for (const [segment, name, shown] of ATTACKS) {
  test(`${name}: tried for real, and what came back`, async ({ page, monban }) => {
    await visit(page, `/learn/attacks/${segment}`);
    const attack = page.locator('section.attack');
    await attack.getByRole('button', { name: 'Try it' }).click();
    await expect(attack.getByRole('status')).toHaveText('This really came back, just now, from the sandbox.');
    await expect(attack.getByRole('alert')).toBeHidden();
    const came = (await attack.locator('.exchanges > li').allTextContents()).join('\n');
    expect(came).toMatch(/→ \d{3}/);
    expect(came).toMatch(shown);
    expect(came).not.toMatch(JWT);
    // What was tried happened to nobody here.
    expect(await monban.command('users', 'list')).not.toContain('sandbox');
  });
}

test('what was held is said to be, in Japanese too', async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: 'monban_language', value: 'ja', url: baseURL ?? '' }]);
  await visit(page, '/learn/attacks/cross-site');
  const attack = page.locator('section.attack');
  await attack.getByRole('button', { name: '試す' }).click();
  await expect(attack.getByRole('status')).toHaveText('たったいまサンドボックスから本当に返ってきた結果です。');
  await expect(attack.locator('.exchanges > li').first()).toContainText('✓');
});

test('the distributions of both refusals are drawn, and stand in a table', async ({ page }) => {
  await visit(page, '/learn/attacks/timing');
  const attack = page.locator('section.attack');
  await attack.getByRole('button', { name: 'Try it' }).click();
  await expect(attack.getByRole('table')).toBeVisible({ timeout: 20_000 });
  expect(await attack.locator('svg rect').count()).toBeGreaterThan(2);
  await expect(attack).toContainText(/The median without an account is \d+\.\d\d times/);
});
