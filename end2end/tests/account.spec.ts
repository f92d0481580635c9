// `/account`: who one is here.

import { scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, member } from './people.ts';

test('the account shows who one is, and since when', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');

  await expect(page).toHaveTitle('Your account · Monban');
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
  await expect(page.getByRole('definition').first()).toHaveText(person.email);
  const today = new Date().toISOString().slice(0, 10);
  const since = page.getByRole('term').filter({ hasText: 'Member since' }).locator('+ dd time');
  await expect(since).toHaveAttribute('datetime', new RegExp(`^${today}T`));
  // By the browser's own clock where the page is alive; else by the server's, which says so.
  await expect(since).toHaveText(scripted() ? /^\d{1,2} [A-Z][a-z]+ \d{4}$/ : /^\d{1,2} [A-Z][a-z]+ \d{4} \(UTC\)$/);
});

test('a new name is saved, said to be saved, and shown everywhere', async ({ page, context }) => {
  const person = await member(context);
  const renamed = { ...person, name: `Countess ${person.name}` };
  await visit(page, '/account');
  await page.getByLabel('Name').fill(renamed.name);
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expectSignedIn(page, renamed);
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue(renamed.name);

  await page.reload();
  await expectSignedIn(page, renamed);
  await expect(page.getByLabel('Name')).toHaveValue(renamed.name);
  await expect(page.getByText('Saved.')).toBeHidden();
});

test('a second new name is saved like the first', async ({ page, context }) => {
  const person = await member(context);
  await visit(page, '/account');
  for (const name of [`First ${person.name}`, `Second ${person.name}`]) {
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Save' }).click();
    await expectSignedIn(page, { ...person, name });
  }
});

test('a name that is none is refused next to its field, and the old one stays', async ({ page, context }) => {
  const person = await member(context);
  const tooLong = 'x'.repeat(101);
  await visit(page, '/account');
  await page.getByLabel('Name').fill(tooLong);
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Use at most 100 characters.');
  await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Name')).toBeFocused();
  await expect(page.getByLabel('Name')).toHaveValue(tooLong);
  await expectSignedIn(page, person);

  await visit(page, '/account');
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
});

test('a name is text, whatever it looks like', async ({ page, context }) => {
  const person = await member(context);
  const name = `<b>${person.name}</b> & "門番" {{ name }}`;
  await visit(page, '/account');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await expectSignedIn(page, { ...person, name });

  await visit(page, '/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Welcome back, ${name}`);
});
