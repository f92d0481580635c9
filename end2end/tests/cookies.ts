// The two cookies, seen from where no page can see them.

import { type BrowserContext, type Cookie, expect } from '@playwright/test';

export const ACCESS = '__Host-monban_access';
export const REFRESH = '__Host-monban_refresh';

/** What a whole token looks like (RFC 7515 §7.1). */
export const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/;

/** What a token says of itself. */
export interface Claims {
  sid: string;
  gen: number;
  exp: number;
}

/** The browser's cookie of that name. */
export async function findCookie(context: BrowserContext, name: string): Promise<Cookie | undefined> {
  return (await context.cookies()).find((cookie) => cookie.name === name);
}

/** The same, where there must be one. */
export async function loadCookie(context: BrowserContext, name: string): Promise<Cookie> {
  const cookie = await findCookie(context, name);
  if (!cookie) throw new Error(`There is no cookie ${name}`);
  return cookie;
}

export function claims(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** How often the browser's session was renewed, plus one. */
export async function generation(context: BrowserContext): Promise<number> {
  return claims((await loadCookie(context, REFRESH)).value).gen;
}

/**
 * The access token's time is over, and the browser has dropped its cookie: it lives as long as the token.
 * That the browser does so by itself is seen in silent_refresh.spec.ts.
 */
export async function accessExpired(context: BrowserContext): Promise<void> {
  await context.clearCookies({ name: ACCESS });
}

/** Waits until the access token that the browser holds, if any, is past its life. */
export async function accessExpires(context: BrowserContext): Promise<void> {
  const access = await findCookie(context, ACCESS);
  if (access) await past(claims(access.value).exp);
}

/** Waits until that time, in seconds since 1970, is over. */
export async function past(time: number): Promise<void> {
  await expect.poll(() => Date.now() / 1000, { intervals: [50], timeout: 30_000 }).toBeGreaterThan(time);
}

/** Neither cookie is left. */
export async function expectNoTokens(context: BrowserContext): Promise<void> {
  const names = (await context.cookies()).map((cookie) => cookie.name);
  expect(names).not.toContain(ACCESS);
  expect(names).not.toContain(REFRESH);
}
