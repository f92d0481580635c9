// The server renewed, and its reply never arrived: the browser still holds the old refresh token.
//
// The window for racing tabs is shut, so that what mends this is the evidence alone: nobody has used
// the new tokens.

import type { BrowserContext } from '@playwright/test';
import { visit } from './browsing.ts';
import { accessExpired, claims, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { loseNextReply } from './lost_reply.ts';
import { expectSignedIn, member } from './people.ts';

test.use({ settings: { MONBAN_REFRESH_WINDOW: '0s' } });

/** Asks for a page in a tab of its own, and gets no answer. */
async function askInVain(context: BrowserContext, path: string): Promise<void> {
  const tab = await context.newPage();
  const lost = await loseNextReply(tab, path);
  await expect(tab.goto(path)).rejects.toThrow('ERR_CONNECTION_RESET');
  expect(lost()).toBe(200);
  await tab.close();
}

test('a page whose reply was lost with the new tokens on it can be asked for again', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpired(context);
  const held = await loadCookie(context, REFRESH);

  await askInVain(context, '/account');
  expect((await loadCookie(context, REFRESH)).value).toBe(held.value);

  await visit(page, '/account');
  await expectSignedIn(page, person);
  expect(claims((await loadCookie(context, REFRESH)).value).gen).toBe(claims(held.value).gen + 1);
});

test('so can one whose reply was lost over and over', async ({ page, context }) => {
  const person = await member(context);
  await accessExpired(context);
  for (const _ of [1, 2, 3]) await askInVain(context, '/account');
  await visit(page, '/account');
  await expectSignedIn(page, person);
});
