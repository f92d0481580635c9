// A living page whose renewal was answered, and the answer lost.

import { rememberDocument, visit } from './browsing.ts';
import { accessExpired } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { loseNextReply } from './lost_reply.ts';
import { expectSignedIn, header, member } from './people.ts';

test.use({ settings: { MONBAN_REFRESH_WINDOW: '0s' } });

test('the page tries again by itself', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpired(context);

  const same = await rememberDocument(page);
  const lost = await loseNextReply(page, '/api/refresh');
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  expect(lost()).toBe(200);
  await expectSignedIn(page, person);
  expect(await same()).toBe(true);
});
