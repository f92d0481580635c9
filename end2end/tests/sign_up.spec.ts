// Making an account on `/sign-up`.

import { arrive, scripted, visit } from './browsing.ts';
import { ACCESS, expectNoTokens, findCookie, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { expectSignedIn, expectSignedOut, member, signUp, somebody } from './people.ts';

test('signing up leads to the account, signed in', async ({ page }) => {
  const person = somebody();
  await signUp(page, person);

  await arrive(page, '/account');
  await expectSignedIn(page, person);
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
  await expect(page.getByRole('main')).toContainText(person.email);
});

test('who signed up is still signed in after a reload and in a new tab', async ({ page, context }) => {
  const person = somebody();
  await signUp(page, person);
  await arrive(page, '/account');

  await page.reload();
  await expectSignedIn(page, person);

  const tab = await context.newPage();
  await visit(tab, '/');
  await expectSignedIn(tab, person);
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText(`Welcome back, ${person.name}`);
});

test('who signed up is kept signed in when the browser is closed', async ({ page, context }) => {
  await signUp(page, somebody());
  await arrive(page, '/account');

  for (const name of [ACCESS, REFRESH]) {
    expect((await loadCookie(context, name)).expires, name).toBeGreaterThan(Date.now() / 1000);
  }
});

test('every field at fault says so next to itself, and the first one has the focus', async ({ page, context }) => {
  await visit(page, '/sign-up');
  await page.getByLabel('Email').fill('nonsense');
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();

  await expect(page.getByRole('alert')).toHaveText('Please check the highlighted fields.');
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Please fill this in.');
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('That does not look like an email address.');
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/^Please fill this in\. At least 15 characters\./);
  for (const label of ['Name', 'Email', 'Password']) {
    await expect(page.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(page.getByLabel('Name')).toBeFocused();
  await expectSignedOut(page);
  await expectNoTokens(context);
});

test('what was typed is kept when the form is refused, but never the password', async ({ page }) => {
  const person = { ...somebody(), password: 'too short' };
  await signUp(page, person);

  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/Use at least 15 characters\./);
  await expect(page.getByLabel('Password')).toBeFocused();
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
  await expect(page.getByLabel('Password')).toHaveValue('');
  expect(await page.content()).not.toContain(person.password);
});

test('all that is wrong is said at once, and what is right stays', async ({ page }) => {
  await signUp(page, { name: '', email: 'ada@', password: 'too short' });
  for (const label of ['Name', 'Email', 'Password']) {
    await expect(page.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  }
  const person = somebody();
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Name')).not.toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Email')).toBeFocused();
  // No server sends a password back: without script it is typed again.
  await expect(page.getByLabel('Password')).toHaveValue(scripted() ? person.password : '');
});

test('a form that was refused can be put right and sent again', async ({ page }) => {
  const person = somebody();
  await signUp(page, { ...person, password: 'too short' });
  await expect(page.getByLabel('Password')).toHaveAttribute('aria-invalid', 'true');
  // The script clears the field and goes there, one frame later.
  if (scripted()) await expect(page.getByLabel('Password')).toBeFocused();

  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();

  await arrive(page, '/account');
  await expectSignedIn(page, person);
});

const refused = [
  { field: 'Name', value: 'x'.repeat(101), says: 'Use at most 100 characters.' },
  { field: 'Name', value: 'Ada \u0007 Lovelace', says: "A name can't contain control characters." },
  { field: 'Email', value: 'ada@localhost', says: 'That does not look like an email address.' },
  { field: 'Email', value: `${'a'.repeat(64)}@${'example.'.repeat(24)}com`, says: 'This email address is too long.' },
  { field: 'Password', value: '門'.repeat(342), says: 'This password is too long.' },
  { field: 'Password', value: 'abcdefghijklmnopqrst', says: 'Sequences are easy to guess.' },
  { field: 'Password', value: 'aaaaaaaaaaaaaaaaaaaa', says: 'Repetition is easy to guess.' },
];

for (const { field, value, says } of refused) {
  const short = value.length > 24 ? `${value.slice(0, 12)}… (${value.length} characters)` : JSON.stringify(value);
  test(`the ${field.toLowerCase()} ${short} is refused: ${says}`, async ({ page }) => {
    await signUp(page, { ...somebody(), [field.toLowerCase()]: value });

    await expect(page.getByLabel(field)).toHaveAccessibleDescription(new RegExp(`^${says}`));
    await expect(page.getByLabel(field)).toBeFocused();
    await expectSignedOut(page);
  });
}

test('a password made of the person’s own name is easy to guess', async ({ page }) => {
  const person = somebody();
  await signUp(page, { ...person, password: `${person.name}${person.name}` });

  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/easy to guess/);
});

test('an address that somebody has is refused, and says what to do', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await signUp(page, { ...somebody(), email: person.email });

  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/^An account with this address already exists\. Sign in instead/);
  await expect(page.getByLabel('Email')).toBeFocused();
  await expect(page.getByLabel('Email')).toHaveValue(person.email);
});

test('who is signed in already is led on to the account', async ({ page, context }) => {
  const person = await member(context);
  await page.goto('/sign-up');

  await arrive(page, '/account');
  await expectSignedIn(page, person);
  expect(await findCookie(context, ACCESS)).toBeDefined();
});

test('password managers know which field is which', async ({ page }) => {
  await visit(page, '/sign-up');
  await expect(page.getByLabel('Email')).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Password')).toHaveAttribute('autocomplete', 'new-password');
  await visit(page, '/sign-in');
  await expect(page.getByLabel('Email')).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Password')).toHaveAttribute('autocomplete', 'current-password');
});

test('a double click makes the account, and does not say that the address is taken', async ({ page }) => {
  const person = somebody();
  await visit(page, '/sign-up');
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).dblclick();
  await arrive(page, '/account');
  await expectSignedIn(page, person);
  await visit(page, '/account/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
});
