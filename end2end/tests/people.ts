// People, and what they do on the pages.

import { randomUUID } from 'node:crypto';
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { arrive, visit } from './browsing.ts';

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** Somebody who was never here. */
export function somebody(): Person {
  const tag = randomUUID().slice(0, 8);
  return { name: `Ada ${tag}`, email: `ada.${tag}@example.com`, password: 'kettle orbit plum sandal' };
}

/** Somebody new who is signed in in this browser already: by the form's own server function, without the page. */
export async function member(context: BrowserContext): Promise<Person> {
  const person = somebody();
  await call(context, 'sign_up', { ...person });
  return person;
}

/** Signs a person in in this browser, without the page. */
export async function admit(context: BrowserContext, person: Person, { keep = true } = {}): Promise<void> {
  const { email, password } = person;
  await call(context, 'sign_in', { email, password, ...(keep && { keep: 'true' }) });
}

async function call(context: BrowserContext, name: string, form: Record<string, string>): Promise<void> {
  const answer = await context.request.post(`/api/${name}`, { form, headers: { 'sec-fetch-site': 'same-origin' } });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Fills in the form on `/sign-up` and sends it. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await visit(page, '/sign-up');
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
}

/** Fills in the form on the sign-in page that is open, and sends it. */
export async function signInHere(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in on `/sign-in`, and waits for the account. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await visit(page, '/sign-in');
  await signInHere(page, person);
  await arrive(page, '/account');
}

/** Presses "Sign out" at the top of the page. */
export async function signOut(page: Page): Promise<void> {
  await header(page).getByRole('button', { name: 'Sign out' }).click();
}

export const header = (page: Page): Locator => page.getByRole('banner');

/** The page says whose it is. */
export async function expectSignedIn(page: Page, person: Person, options?: { timeout: number }): Promise<void> {
  await expect(header(page).getByRole('link', { name: person.name })).toBeVisible(options);
  await expect(header(page).getByRole('link', { name: 'Sign in' })).toHaveCount(0);
}

/** The page says that nobody is signed in. */
export async function expectSignedOut(page: Page, options?: { timeout: number }): Promise<void> {
  await expect(header(page).getByRole('link', { name: 'Sign in' })).toBeVisible(options);
  await expect(header(page).getByRole('button', { name: 'Sign out' })).toHaveCount(0);
}
