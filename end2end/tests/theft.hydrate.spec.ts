// A page that is open when the theft is noticed.

import { arrive, FORM, visit } from './browsing.ts';
import { accessExpired, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedOut, header, member } from './people.ts';

test.use({ settings: { MONBAN_REFRESH_WINDOW: '0s' } });

test('an open page says why at the next click, without a reload by hand', async ({ page, context, playwright, baseURL }) => {
  await member(context);
  const stolen = `${REFRESH}=${(await loadCookie(context, REFRESH)).value}`;
  await accessExpired(context);
  await visit(page, '/account');
  await visit(page, '/account');
  const thief = await playwright.request.newContext({ baseURL });
  await thief.post('/api/refresh', { headers: { cookie: stolen, 'sec-fetch-site': 'same-origin', 'content-type': FORM } });
  await thief.dispose();

  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await arrive(page, '/sign-in?next=/account/sessions');
  await expect(page.getByRole('status').filter({ hasText: 'This session was ended because an old sign-in token was used again.' })).toBeVisible();
  await expectSignedOut(page);
});
