// No script of any page, and nobody who reads along, finds a token anywhere but in the HttpOnly cookies.

import type { BrowserContext, Page, Response } from '@playwright/test';
import { pages, visit } from './browsing.ts';
import { ACCESS, findCookie, JWT, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { header, member, signIn } from './people.ts';

/** Everything that a script of the page can read, by where it was. */
async function withinReach(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => ({
    cookie: document.cookie,
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    windowName: window.name,
    url: location.href,
    html: document.documentElement.outerHTML,
    scripts: [...document.scripts].map((script) => script.textContent).join('\n'),
    comments: [...document.querySelectorAll('template')].map((template) => template.innerHTML).join('\n'),
    fields: [...document.querySelectorAll('input')].map((input) => input.value).join('\n'),
    resources: performance.getEntries().map((entry) => entry.name).join('\n'),
  }));
}

/** The tokens that the browser holds now. */
async function tokens(context: BrowserContext): Promise<string[]> {
  const held = await Promise.all([ACCESS, REFRESH].map((name) => findCookie(context, name)));
  return held.flatMap((cookie) => (cookie ? [cookie.value] : []));
}

/** Where one of the tokens, its signature, or any JSON Web Token is found. */
function findTokens(places: Record<string, string>, known: string[]): string[] {
  const needles = known.flatMap((token) => [token, token.split('.')[2] ?? token]);
  const holds = (text: string) => JWT.test(text) || needles.some((needle) => text.includes(needle));
  return Object.entries(places).filter(([, text]) => holds(text)).map(([place]) => place);
}

/** The bodies and addresses of everything that the browser loads from now on. */
function recordTraffic(context: BrowserContext): () => Promise<Record<string, string>> {
  const responses: Response[] = [];
  context.on('response', (response) => responses.push(response));
  return async () => {
    const places: Record<string, string> = {};
    for (const [index, response] of responses.entries()) {
      // A redirect has no body.
      const body = await response.body().catch(() => Buffer.alloc(0));
      places[`${index}: ${response.url()}`] = `${response.url()}\n${body.toString('latin1')}`;
    }
    return places;
  };
}

for (const path of pages.member) {
  test(`no token is within reach of a script on ${path}`, async ({ page, context }) => {
    await member(context);
    const traffic = recordTraffic(context);
    await visit(page, path);

    const held = await tokens(context);
    expect(held).toHaveLength(2);
    expect(findTokens(await withinReach(page), held)).toEqual([]);
    const loaded = await traffic();
    expect(Object.keys(loaded).length).toBeGreaterThan(0);
    expect(findTokens(loaded, held)).toEqual([]);
  });
}

test('no token travels in a body or an address while somebody signs in, saves and signs out', async ({ page, context, anotherBrowser, monban }) => {
  const person = await member(await anotherBrowser());
  const traffic = recordTraffic(context);
  await signIn(page, person);
  const held = await tokens(context);
  await page.getByLabel('Name').fill(`Countess ${person.name}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  expect(findTokens(await withinReach(page), held)).toEqual([]);
  await header(page).getByRole('button', { name: 'Sign out' }).click();
  await expect(header(page).getByRole('link', { name: 'Sign in' })).toBeVisible();
  expect(findTokens(await withinReach(page), held)).toEqual([]);

  const loaded = await traffic();
  expect(Object.keys(loaded).some((place) => place.includes('/api/sign_in'))).toBe(true);
  expect(findTokens(loaded, held)).toEqual([]);
  expect(findTokens({ log: monban.log }, held)).toEqual([]);
  for (const secret of [person.password, person.email, encodeURIComponent(person.email)]) {
    expect(monban.log).not.toContain(secret);
  }
});

test('no page of a stranger holds anything to steal either', async ({ page, context }) => {
  for (const path of pages.stranger) {
    await visit(page, path);
    expect(findTokens(await withinReach(page), []), path).toEqual([]);
  }
  expect(await tokens(context)).toEqual([]);
});

test('the search finds a token where there is one', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account');
  const { value } = await loadCookie(context, REFRESH);
  await page.evaluate((token) => {
    localStorage.setItem('planted', token);
    document.body.dataset['planted'] = token.split('.')[2];
  }, value);
  expect(findTokens(await withinReach(page), await tokens(context))).toEqual(['localStorage', 'html']);
  expect(findTokens({ body: `{"token":"${value}"}` }, [])).toEqual(['body']);
});
