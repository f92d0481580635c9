// Signing out from a living page that the server does not answer.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, expectSignedOut, member, signOut } from './people.ts';

const STILL_HERE = "You are still signed in: signing out didn't work.";

for (const [what, answer] of [
  ['the line is cut', undefined],
  ['the server is busy', { status: 503, contentType: 'application/json', body: '{"code":"busy"}' }],
] as const) {
  test(`${what}: the page says that one is still signed in, and the next try works`, async ({ page, context }) => {
    const person = await member(context);
    await visit(page, '/account');
    await page.route('**/api/sign_out', (route) => (answer ? route.fulfill(answer) : route.abort()));
    await signOut(page);
    await expect(page.getByRole('status').filter({ hasText: STILL_HERE })).toBeVisible();
    await expectSignedIn(page, person);

    await page.unroute('**/api/sign_out');
    await signOut(page);
    await expectSignedOut(page);
  });
}
