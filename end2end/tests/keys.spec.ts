// `/admin/keys`: for administrators, and nobody else.

import { arrive, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { member, signIn } from './people.ts';

test('an administrator finds the signing keys and rotates them', async ({ page, context, monban }) => {
  const person = await member(context);
  await monban.command('users', 'grant', person.email, 'admin');
  await context.clearCookies();
  await signIn(page, person);
  await page.getByRole('link', { name: 'Signing keys' }).click();
  await arrive(page, '/admin/keys');
  const keys = page.getByRole('main').getByRole('listitem');
  await expect(keys).toHaveCount(1);
  await expect(keys.getByRole('heading', { name: 'Signing', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Rotate' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'A new key is published.' })).toBeVisible();
  await expect(keys).toHaveCount(2);
  await expect(keys.nth(1).getByRole('heading', { name: /^Published/ })).toBeVisible();
});

test('a member without the role is told that it is not theirs', async ({ page, context }) => {
  await member(context);
  await visit(page, '/account');
  await expect(page.getByRole('link', { name: 'Signing keys' })).toHaveCount(0);
  const answer = await page.goto('/admin/keys');
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('heading', { name: 'Not for this account' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Rotate' })).toHaveCount(0);
});
