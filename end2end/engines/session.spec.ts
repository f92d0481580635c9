// A session from its first minute to its last, in the other engines.

import { ACCESS, REFRESH } from '../tests/cookies.ts';
import { expect, test, text } from './fixtures.ts';

// No window for racing tabs: a lost reply is told from a theft by the evidence alone.
test.use({ settings: { MONBAN_REFRESH_WINDOW: '0s' } });

test('signed up, renewed in every way, and signed out', async ({ site }) => {
  const tab = await site.open();
  const person = await test.step('signing up leads to the account, and no script sees a token', async () => {
    const person = await site.member(tab);
    expect(await site.cookieNames()).toEqual(expect.arrayContaining([ACCESS, REFRESH]));
    expect(await tab.evaluate('document.cookie')).toBe('');
    return person;
  });

  await test.step('a page is renewed before it is rendered', async () => {
    const before = await site.generation();
    await site.deleteCookie(ACCESS);
    await site.visit(tab, '/account');
    await site.isSignedIn(tab, person);
    expect(await site.generation()).toBe(before + 1);
  });

  await test.step('a call is renewed behind the living page', async () => {
    const before = await site.generation();
    await tab.evaluate('window.remembered = true');
    await site.deleteCookie(ACCESS);
    await tab.click('header a[href="/account/sessions"]');
    await expect.poll(() => tab.evaluate("document.querySelectorAll('main li').length")).toBe(1);
    await site.isSignedIn(tab, person);
    expect(await tab.evaluate('window.remembered')).toBe(true);
    expect(await site.generation()).toBe(before + 1);
  });

  await test.step('a renewal whose reply was lost is repeated', async () => {
    const before = await site.generation();
    await site.deleteCookie(ACCESS);
    await site.renewUnheard();
    expect(await site.generation()).toBe(before);
    await site.visit(tab, '/account');
    await site.isSignedIn(tab, person);
    expect(await site.generation()).toBe(before + 1);
  });

  await test.step('signing out in one tab signs the other out', async () => {
    const other = await site.open();
    await site.visit(other, '/account');
    await site.isSignedIn(other, person);
    await tab.click('header form[action="/api/sign_out"] button');
    await site.isSignedOut(tab);
    await site.arrive(other, '/sign-in?next=/account');
    expect(await text(other, 'body')).not.toContain(person.email);
    const names = await site.cookieNames();
    expect(names).not.toContain(ACCESS);
    expect(names).not.toContain(REFRESH);
  });
});
