// The server renewed, and its reply never arrived: the browser still holds the old refresh token.
//
// The window for racing tabs is shut, so that what mends this is the evidence alone: nobody has used
// the new tokens.

import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import type { Page, Request } from '@playwright/test';
import { alive, scripted, visit } from './browsing.ts';
import { accessExpired, claims, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, header, member } from './people.ts';

test.use({ settings: { MONBAN_ACCESS_TTL: '2s', MONBAN_REFRESH_WINDOW: '0s' } });

/** Lets the server see the next request to that path, and the browser see nothing of its reply. */
async function loseNextReply(page: Page, path: string): Promise<() => number | undefined> {
  let status: number | undefined;
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      status = await ask(route.request());
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  return () => status;
}

/** Sends the request from elsewhere, so that the browser's cookies stay as they are. */
async function ask(request: Request): Promise<number | undefined> {
  const asked = http.request(request.url(), { method: request.method(), headers: await request.allHeaders() });
  asked.end(request.postData());
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  expect(String(answer.headers['set-cookie'])).toContain(REFRESH);
  await text(answer);
  return answer.statusCode;
}

/** Goes to a page, and gets the browser's own page of regret instead. */
async function goInVain(page: Page, path: string): Promise<void> {
  await expect(page.goto(path)).rejects.toThrow('ERR_CONNECTION_RESET');
  await page.waitForURL('chrome-error://chromewebdata/');
}

test('a page whose reply was lost with the new tokens on it can be asked for again', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  await accessExpired(context);
  const held = await loadCookie(context, REFRESH);

  const lost = await loseNextReply(page, '/account');
  await goInVain(page, '/account');
  expect(lost()).toBe(200);
  expect((await loadCookie(context, REFRESH)).value).toBe(held.value);

  await visit(page, '/account');
  await expectSignedIn(page, person);
  expect(claims((await loadCookie(context, REFRESH)).value).gen).toBe(claims(held.value).gen + 1);
});

test('so can one whose reply was lost over and over', async ({ page, context }) => {
  const person = await member(context);
  await accessExpired(context);
  for (const _ of [1, 2, 3]) {
    const lost = await loseNextReply(page, '/account');
    await goInVain(page, '/account');
    expect(lost()).toBe(200);
  }
  await visit(page, '/account');
  await expectSignedIn(page, person);
});

test('the living page tries again by itself', async ({ page, context }) => {
  test.skip(!scripted(), 'a page without script renews by navigating only');
  const person = await member(context);
  await visit(page, '/account');
  await alive(page);
  await accessExpired(context);

  const lost = await loseNextReply(page, '/api/refresh');
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  expect(lost()).toBe(200);
  await expectSignedIn(page, person);
});
