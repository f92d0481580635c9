// `/learn/session` as it is rendered.

import { visit } from './browsing.ts';
import { ACCESS, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

test('a stranger reads, and is led to sign in and back', async ({ page }) => {
  await visit(page, '/learn/session');
  await expect(page.locator('.cookie')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in?next=/learn/session');
});

test('a member finds both cookies, what their tokens say, and the row', async ({ page, context }) => {
  await member(context);
  await visit(page, '/learn/session');
  await expect(page.locator('.cookie').getByRole('heading')).toHaveText([ACCESS, REFRESH]);
  await expect(page.locator('.cookie pre').first()).toContainText('"sid"');
  await expect(page.getByTestId('generation')).toHaveText('1');
});
