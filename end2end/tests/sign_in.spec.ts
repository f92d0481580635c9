// Proving who one is on `/sign-in`.

import type { Page } from '@playwright/test';
import { alive, arrive, FORM, scripted, visit } from './browsing.ts';
import { ACCESS, expectNoTokens, loadCookie, REFRESH } from './cookies.ts';
import { expect, test } from './fixtures.ts';
import { admit, expectSignedIn, expectSignedOut, header, member, signIn, signInHere, somebody } from './people.ts';

/** Where the page says what is wrong (its script moves the focus there, one frame later), or at the first field. */
async function expectFocusToGoOn(page: Page): Promise<void> {
  await expect(page.locator('[role=alert]:focus, [name=email]:focus')).toHaveCount(1);
}

test('signing in leads to the account', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await signIn(page, person);

  await expectSignedIn(page, person);
  await expect(page.getByLabel('Name')).toHaveValue(person.name);
});

for (const path of ['/account', '/account/sessions']) {
  test(`a stranger at ${path} is sent to sign in, and led back there`, async ({ page, anotherBrowser }) => {
    const person = await member(await anotherBrowser());
    await page.goto(path);
    await arrive(page, `/sign-in?next=${path}`);
    await expectSignedOut(page);

    await signInHere(page, person);
    await arrive(page, path);
    await expectSignedIn(page, person);
  });
}

for (const way of ['signs in', 'makes an account'] as const) {
  test(`whoever ${way} on the way comes to the very address that was asked for`, async ({ page, anotherBrowser }) => {
    const person = way === 'signs in' ? await member(await anotherBrowser()) : somebody();
    await page.goto('/account/sessions?tab=1&q=%2F%E9%96%80#devices');
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await alive(page);
    if (way === 'makes an account') {
      await page.getByRole('main').getByRole('link', { name: 'Create account' }).click();
      await expect(page).toHaveURL(/\/sign-up\?next=/);
      await alive(page);
      await page.getByLabel('Name').fill(person.name);
      await page.getByLabel('Email').fill(person.email);
      await page.getByLabel('Password').fill(person.password);
      await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
    } else {
      await signInHere(page, person);
    }
    // A server never hears of a fragment: without script it is lost.
    await arrive(page, `/account/sessions?tab=1&q=%2F%E9%96%80${scripted() ? '#devices' : ''}`);
    await expectSignedIn(page, person);
  });
}

test('a way on survives a wrong password', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in?next=/account/sessions');
  await signInHere(page, { ...person, password: 'not the one, sorry' });
  await expect(page.getByRole('alert')).toBeVisible();
  await expectFocusToGoOn(page);

  await signInHere(page, person);
  await arrive(page, '/account/sessions');
});

const elsewhere = [
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https://evil.example/account',
  'javascript:alert(1)',
  '/\t/evil.example',
  'account/sessions',
];

for (const next of elsewhere) {
  test(`next=${JSON.stringify(next)} leads to the account and nowhere else`, async ({ page, anotherBrowser }) => {
    const person = await member(await anotherBrowser());
    await visit(page, `/sign-in?next=${encodeURIComponent(next)}`);
    await signInHere(page, person);
    await arrive(page, '/account');

    // Nor when there is nothing left to sign in to.
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await arrive(page, '/account');
    await expectSignedIn(page, person);
  });
}

test('a wrong password and an unknown address get the same answer', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  const answers = [];
  for (const email of [person.email, somebody().email]) {
    await visit(page, '/sign-in');
    await signInHere(page, { email, password: 'not the one, sorry' });

    await expect(page.getByRole('alert')).toHaveText('Wrong email or password.');
    await expect(page.getByLabel('Email')).toHaveValue(email);
    await expect(page.getByLabel('Password')).toHaveValue('');
    answers.push((await page.getByRole('main').ariaSnapshot()).replaceAll(email, '<address>'));
  }
  expect(answers[0]).toBe(answers[1]);
  await expectSignedOut(page);
  await expectNoTokens(context);
});

test('the focus is where to go on after a wrong password', async ({ page }) => {
  await visit(page, '/sign-in');
  await signInHere(page, { email: 'ada@example.com', password: 'not the one, sorry' });
  await expect(page.getByRole('alert')).toBeVisible();
  await expectFocusToGoOn(page);
});

test('an empty form says what is missing, next to each field', async ({ page }) => {
  await visit(page, '/sign-in');
  await signInHere(page, { email: '', password: '' });

  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('Please fill this in.');
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription('Please fill this in.');
  await expect(page.getByLabel('Email')).toBeFocused();
});

test('"Keep me signed in" is on unless the person says otherwise, and is remembered when the form is refused', async ({ page }) => {
  await visit(page, '/sign-in');
  const keep = page.getByLabel('Keep me signed in');
  await expect(keep).toBeChecked();

  await keep.uncheck();
  await signInHere(page, { email: 'ada@example.com', password: 'not the one, sorry' });
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(keep).not.toBeChecked();
});

test('with "Keep me signed in" the cookies outlive the browser', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in');
  await page.getByLabel('Keep me signed in').check();
  await signInHere(page, person);
  await arrive(page, '/account');

  const days = ((await loadCookie(context, REFRESH)).expires - Date.now() / 1000) / (24 * 60 * 60);
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThanOrEqual(30);
  expect((await loadCookie(context, ACCESS)).expires).toBeGreaterThan(Date.now() / 1000);
});

test('without it they go when the browser closes', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in');
  await page.getByLabel('Keep me signed in').uncheck();
  await signInHere(page, person);
  await arrive(page, '/account');

  expect((await loadCookie(context, ACCESS)).expires).toBe(-1);
  expect((await loadCookie(context, REFRESH)).expires).toBe(-1);
  await page.reload();
  await expectSignedIn(page, person);
});

test('the cookies are out of every script’s reach, bound to this host, and small', async ({ page, context, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await signIn(page, person);

  const cookies = (await context.cookies()).filter(({ name }) => name.includes('access') || name.includes('refresh'));
  expect(cookies.map(({ name }) => name).sort()).toEqual([ACCESS, REFRESH]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' });
  }
  const size = cookies.map(({ name, value }) => `${name}=${value}`).join('; ').length;
  expect(size).toBeLessThan(2048);
});

test('the cookies are written with exactly these attributes', async ({ context, anotherBrowser }) => {
  const { email, password } = await member(await anotherBrowser());
  const answer = await context.request.post('/api/sign_in', {
    form: { email, password },
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': FORM },
  });
  const written = answer.headersArray().filter(({ name }) => name.toLowerCase() === 'set-cookie');

  expect(written.map(({ value }) => value.replace(/=[^;]+/, '=…')).sort()).toEqual([
    `${ACCESS}=…; HttpOnly; SameSite=Lax; Secure; Path=/`,
    '__Host-monban_device=…; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=34560000',
    `${REFRESH}=…; HttpOnly; SameSite=Lax; Secure; Path=/`,
  ]);
});

test('signing in always starts a new session, even over an old one', async ({ page, context }) => {
  const person = await member(context);
  const before = await loadCookie(context, REFRESH);
  await context.clearCookies();
  await signIn(page, person);

  await visit(page, '/account/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(2);
  expect((await loadCookie(context, REFRESH)).value).not.toBe(before.value);
});

test('who signs in over an old session leaves tokens behind that are worth nothing, and take nothing away', async ({ context, anotherBrowser, playwright, baseURL }) => {
  const second = await member(await anotherBrowser());
  await member(context);
  const [access, refresh] = [await loadCookie(context, ACCESS), await loadCookie(context, REFRESH)];
  await admit(context, second);

  const late = await playwright.request.newContext({ baseURL });
  for (const [method, path] of [['get', '/api/who_am_i'], ['post', '/api/refresh'], ['get', '/account']] as const) {
    const cookie = `${ACCESS}=${access.value}; ${REFRESH}=${refresh.value}`;
    const answer = await late[method](path, { headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': FORM }, maxRedirects: 0 });
    if (path.startsWith('/api')) expect(answer.status(), path).toBe(401);
    expect(await answer.text(), path).not.toContain(second.name);
    // The browser that sent this may hold new cookies of the same names by now.
    for (const { name, value } of answer.headersArray()) {
      if (name.toLowerCase() === 'set-cookie') expect(value, path).not.toMatch(/^__Host-monban_(access|refresh)=/);
    }
  }
  await late.dispose();
});

test('the form can be filled in and sent with the keyboard alone', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in');

  await page.getByLabel('Email').focus();
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Password')).toBeFocused();
  await page.keyboard.type(person.password);
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Keep me signed in')).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('button', { name: 'Sign in' })).toBeFocused();
  await page.keyboard.press('Enter');

  await arrive(page, '/account');
  await expectSignedIn(page, person);
});

test('a stranger finds the form from the front page by the keyboard', async ({ page }) => {
  await visit(page, '/');
  const link = header(page).getByRole('link', { name: 'Sign in' });
  for (let tabs = 0; tabs < 20 && !(await link.evaluate((element) => element === document.activeElement)); tabs++) {
    await page.keyboard.press('Tab');
  }
  await expect(link).toBeFocused();
  await page.keyboard.press('Enter');
  await arrive(page, '/sign-in');
});

test('a double click starts one session', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).dblclick();
  await arrive(page, '/account');

  await visit(page, '/account/sessions');
  // The one in the other browser, and this one.
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(2);
});

test('Enter in a field sends the form that it is in', async ({ page, anotherBrowser }) => {
  const person = await member(await anotherBrowser());
  await visit(page, '/sign-in');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByLabel('Password').press('Enter');
  await arrive(page, '/account');
  await expectSignedIn(page, person);
});
