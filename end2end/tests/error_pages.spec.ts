// When there is no page to show: one that helps.

import { arrive, scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, member, signUp, somebody } from './people.ts';

test('an unknown path is answered 404 by a page that helps', async ({ page }) => {
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await expect(page).toHaveTitle('Page not found · Monban');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');

  const id = answer?.headers()['x-request-id'] ?? '';
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  await expect(page.getByRole('main').locator('code')).toHaveText(id);

  await page.getByRole('main').getByRole('link', { name: 'Go to the front page' }).click();
  await arrive(page, '/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stay signed in. Safely.');
});

test('the request id stays on the page when it comes alive', async ({ page }) => {
  const answer = await page.goto('/no-such-page');
  await visit(page, page.url());
  const second = await page.getByRole('main').locator('code').textContent();
  expect(second).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).not.toBe(answer?.headers()['x-request-id']);
});

test('a lost member is still a member', async ({ page, context }) => {
  const person = await member(context);
  const answer = await page.goto('/account/no-such-page');
  expect(answer?.status()).toBe(404);
  await expectSignedIn(page, person);
});

test('the page for an unknown path speaks the person’s language', async ({ anotherBrowser }) => {
  const page = await (await anotherBrowser({ locale: 'ja' })).newPage();
  await visit(page, '/no-such-page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ページが見つかりません');
});

test('a form that is far too large is refused in words', async ({ page }) => {
  const answer = page.waitForResponse('**/api/sign_up');
  await signUp(page, { ...somebody(), name: 'x'.repeat(70_000) });

  expect((await answer).status()).toBe(413);
  if (scripted()) {
    await expect(page.getByRole('alert')).toHaveText("That couldn't be understood. Please try again.");
    await expect(page.getByLabel('Name')).toHaveValue('x'.repeat(70_000));
  } else {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('That was too large');
    const id = (await answer).headers()['x-request-id'] ?? '';
    await expect(page.getByRole('main').locator('code')).toHaveText(id);
    await expect(page.getByRole('link', { name: 'Go to the front page' })).toBeVisible();
  }
});

test('a path that could leave the site’s files is only an unknown path', async ({ context }) => {
  for (const path of ['/pkg/..%2f..%2fCargo.toml', '/..%2f..%2fetc%2fpasswd', '/pkg/', '/.git/config']) {
    const answer = await context.request.get(path, { headers: { accept: 'text/html' } });
    expect(answer.status(), path).toBe(404);
    expect(await answer.text(), path).toContain('Page not found');
  }
});
