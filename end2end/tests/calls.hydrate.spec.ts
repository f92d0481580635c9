// What a living page asks of the server, and what it does not.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { header, member } from './people.ts';

test('a page that has come alive asks for nothing that the server has rendered already', async ({ page, context }) => {
  await member(context);
  const calls: string[] = [];
  page.on('request', (request) => calls.push(new URL(request.url()).pathname));
  await visit(page, '/account/sessions');
  await page.waitForLoadState('networkidle');
  expect(calls.filter((path) => path.startsWith('/api/'))).toEqual([]);
});

test('going on to a page asks for its data alone, and renews nothing while the access token is good', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account');
  const calls: string[] = [];
  page.on('request', (request) => calls.push(new URL(request.url()).pathname));
  await header(page).getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  expect(calls.filter((path) => path.startsWith('/api/'))).toEqual(['/api/list_sessions']);
});
