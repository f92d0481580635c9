// Moving about, with JavaScript and without.

import { expect, type Page, test } from '@playwright/test';

/** What forms are sent as, and all that changes something; anything else is answered 415. */
export const FORM = 'application/x-www-form-urlencoded';

/** Every page there is, as a stranger and as a member meets it. */
export const pages = {
  stranger: ['/', '/sign-up', '/sign-in', '/no-such-page'],
  member: ['/', '/account', '/account/sessions', '/no-such-page'],
  learn: ['/learn', '/learn/token', '/learn/session', '/learn/flows', '/learn/flows/theft', '/learn/compare', '/learn/attacks', '/learn/attacks/timing'],
};

/** Whether this run's browser runs scripts. */
export function scripted(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}

/**
 * How long to wait for what is promised within so many milliseconds. A test comes out the same on a busy
 * machine, so it waits much longer; `make prove` holds the promise itself, on a machine that does nothing else.
 */
export function within(promised: number): number {
  return process.env.MONBAN_TEST_TIMES ? promised : Math.max(promised, 60_000);
}

/** Opens a page, and waits until it is alive. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await alive(page);
}

/** Waits until the page's own script has taken over. Without JavaScript it is alive from the start. */
export async function alive(page: Page): Promise<void> {
  if (scripted()) await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
}

/** Waits until the browser has arrived at that path, and the page there is alive. */
export async function arrive(page: Page, path: string): Promise<void> {
  await expect(page).toHaveURL(path);
  await alive(page);
}

/** Remembers the document that is open now. The answer tells whether it is open still. */
export async function rememberDocument(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(window, { remembered: true }));
  return () => page.evaluate(() => 'remembered' in window);
}
