// Pages of other sites can change nothing here.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { visit } from './browsing.ts';
import { ACCESS, expectNoTokens, loadCookie } from './cookies.ts';
import { expect, test as base } from './fixtures.ts';
import { expectSignedIn, member } from './people.ts';

/** Another site: pages of HTML at `http://127.0.0.1:…`, where `localhost` is somebody else. */
const test = base.extend<{ elsewhere: (html: string) => string }>({
  elsewhere: async ({}, use) => {
    let page = '';
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await use((html) => {
      page = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Elsewhere</title>${html}`;
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    server.close();
    server.closeAllConnections();
  },
});

const functions = [
  'sign_up',
  'sign_in',
  'sign_out',
  'refresh',
  'update_account',
  'end_session',
  'end_other_sessions',
  'set_language',
  'set_theme',
];

test('a form on another site cannot sign anybody out', async ({ page, context, monban, elsewhere }) => {
  const person = await member(context);
  await page.goto(elsewhere(`<form method="post" action="${monban.baseURL}/api/sign_out"><button>Win a prize</button></form>`));
  const answer = page.waitForResponse('**/api/sign_out');
  await page.getByRole('button', { name: 'Win a prize' }).click();

  expect((await answer).status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This request was refused');
  await expect(page.getByRole('main').locator('code')).toHaveText((await answer).headers()['x-request-id'] ?? '');
  await visit(page, '/account');
  await expectSignedIn(page, person);
});

test('a form on another site cannot sign anybody in either', async ({ page, context, monban, elsewhere, anotherBrowser }) => {
  const { email, password } = await member(await anotherBrowser());
  await page.goto(
    elsewhere(`<form method="post" action="${monban.baseURL}/api/sign_in">
      <input name="email" value="${email}"><input name="password" value="${password}"><button>Win a prize</button></form>`),
  );
  const answer = page.waitForResponse('**/api/sign_in');
  await page.getByRole('button', { name: 'Win a prize' }).click();

  expect((await answer).status()).toBe(403);
  await expectNoTokens(context);
});

test('a link on another site arrives signed in', async ({ page, context, monban, elsewhere }) => {
  const person = await member(context);
  await page.goto(elsewhere(`<a href="${monban.baseURL}/account">Your account</a>`));
  await page.getByRole('link', { name: 'Your account' }).click();
  await expect(page).toHaveURL(`${monban.baseURL}/account`);
  await expectSignedIn(page, person);
});

for (const name of functions) {
  test(`${name} is refused to other origins, with the cookies and without`, async ({ context, playwright, baseURL }) => {
    await member(context);
    const { value } = await loadCookie(context, ACCESS);
    const anybody = await playwright.request.newContext({ baseURL });
    const cookie = `${ACCESS}=${value}`;
    const refused: Record<string, string>[] = [
      { origin: 'http://evil.example', cookie },
      { origin: 'http://evil.example' },
      { origin: 'null', cookie },
      { origin: 'http://localhost', cookie },
      { 'sec-fetch-site': 'cross-site', origin: baseURL ?? '', cookie },
      { 'sec-fetch-site': 'same-site', cookie },
      { 'sec-fetch-site': 'none', cookie },
      { cookie },
    ];
    for (const headers of refused) {
      const answer = await anybody.post(`/api/${name}`, { headers, form: {} });
      expect(answer.status(), JSON.stringify(headers)).toBe(403);
      expect(answer.headersArray().filter((header) => header.name.toLowerCase() === 'set-cookie')).toEqual([]);
    }
    const own = await anybody.post(`/api/${name}`, { headers: { origin: baseURL ?? '', cookie }, form: {} });
    expect(own.status()).not.toBe(403);
    await anybody.dispose();
    expect((await context.request.get(`/api/${name}`)).status(), 'by GET').toBe(405);
  });
}

test('no other site can put a page of this one into a frame', async ({ context }) => {
  const answer = await context.request.get('/sign-in', { headers: { accept: 'text/html' } });
  expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(answer.headers()['x-frame-options']).toBe('DENY');
});
