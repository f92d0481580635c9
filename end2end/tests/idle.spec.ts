// A session that nobody used for too long.

import { arrive } from './browsing.ts';
import { claims, loadCookie, past, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { admit, expectSignedOut, member } from './people.ts';

test.use({ settings: { MONBAN_ACCESS_TTL: '1s', MONBAN_SESSION_IDLE_TTL: '5s' } });

test('a session that was not used for too long is over, and the next page says so', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await admit(context, person, { keep: false });
  await past(claims((await loadCookie(context, REFRESH)).value).exp);
  await page.goto('/account');
  await arrive(page, '/sign-in?next=/account');
  await expect(page.getByRole('status').filter({ hasText: "You were signed out because you hadn't been here for a while." })).toBeVisible();
  await expectSignedOut(page);
});
