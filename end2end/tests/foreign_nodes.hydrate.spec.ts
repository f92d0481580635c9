// Others change the page before it is alive: extensions, password managers, translators do. It comes
// alive all the same where it can, and where it cannot it works on as plain HTML.

import type { Browser, Page } from '@playwright/test';
import { alive, rememberDocument, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { header, signInHere, somebody } from './people.ts';

/** What others do, in the browser, as soon as the document is there. */
const changes: Record<string, () => void> = {
  'an element first in the body': () => {
    document.body.prepend(Object.assign(document.createElement('div'), { className: 'foreign' }));
  },
  'a comment first in the body': () => {
    document.body.prepend(new Comment('foreign'));
  },
  'a text first in the body': () => {
    document.body.prepend('foreign');
  },
  'an element first in main': () => {
    document.querySelector('main')?.prepend(Object.assign(document.createElement('div'), { className: 'foreign' }));
  },
  'elements around every field': () => {
    for (const input of document.querySelectorAll('input')) {
      input.after(Object.assign(document.createElement('span'), { className: 'foreign' }));
      input.before(Object.assign(document.createElement('p'), { className: 'foreign' }));
      input.classList.add('filled');
    }
  },
  'an element in front of everything in the head': () => {
    for (const node of [...document.head.childNodes]) node.before(Object.assign(document.createElement('meta'), { className: 'foreign' }));
  },
  'font around every text, as translators put it': () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (texts.nextNode()) found.push(texts.currentNode as Text);
    for (const text of found) {
      if (!text.data.trim() || text.parentElement?.closest('script, noscript, svg')) continue;
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      text.replaceWith(outer);
      outer.append(inner);
      inner.append(text);
    }
  },
  'every text split in two': () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (texts.nextNode()) found.push(texts.currentNode as Text);
    for (const text of found) if (text.length > 1) text.splitText(1);
  },
  'every comment taken away': () => {
    const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
    const found: Comment[] = [];
    while (comments.nextNode()) found.push(comments.currentNode as Comment);
    for (const comment of found) comment.remove();
  },
  'nodes behind everything': () => {
    for (const node of document.querySelectorAll('body, main, form, nav')) {
      node.append(Object.assign(document.createElement('div'), { className: 'foreign' }), new Comment('foreign'));
    }
  },
};

/** Lets them do it, as soon as the document is there. */
function whenThere(page: Page, change: () => void): Promise<unknown> {
  return page.addInitScript({ content: `document.addEventListener('DOMContentLoaded', ${change.toString()})` });
}

/** The page is alive: it goes on without loading a document, and its form is answered in place. */
async function expectAlive(page: Page): Promise<void> {
  const remembered = await rememberDocument(page);
  await signInHere(page, { email: somebody().email, password: 'not the one, sorry' });
  await expect(page.getByRole('alert')).toHaveText('Wrong email or password.');
  await header(page).getByRole('link', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create your account');
  await expect(page).toHaveURL('/sign-up');
  expect(await remembered(), 'the document is the same').toBe(true);
}

for (const [name, change] of Object.entries(changes)) {
  test(`${name}: the page comes alive, and what is theirs stays`, async ({ page }) => {
    await whenThere(page, change);
    await visit(page, '/sign-in');
    const theirs = await page.locator('.foreign').count();
    expect(theirs > 0).toBe(change.toString().includes("className: 'foreign'"));
    await expectAlive(page);
  });
}

test('a proxy that sends no comments: the page comes alive', async ({ page }) => {
  await page.route(/\/sign-in/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/<!--[^]*?-->|<!>/g, '');
    expect(body).toContain('data-shape=');
    await route.fulfill({ response, body });
  });
  await visit(page, '/sign-in');
  await expectAlive(page);
});

test('every comment taken away from a living page: it says what is wrong all the same, and leads on', async ({ page }) => {
  await visit(page, '/sign-up');
  await page.evaluate(changes['every comment taken away']!);
  await page.getByLabel('Password').fill('short');
  await page.getByLabel('Name').fill('Ann');
  await page.getByLabel('Email').fill(somebody().email);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/^Use at least 15 characters\./);
  await header(page).getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');

  await visit(page, '/sign-in');
  await page.evaluate(changes['every comment taken away']!);
  await expectAlive(page);
});

test('something of theirs that is there as soon as the body is: the page comes alive', async ({ page }) => {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.body) return;
      observer.disconnect();
      document.body.prepend(Object.assign(document.createElement('div'), { className: 'foreign' }));
    }).observe(document, { childList: true, subtree: true });
  });
  await visit(page, '/sign-in');
  await expect(page.locator('body > .foreign')).toHaveCount(1);
  await expectAlive(page);
});

test('somebody who insists on being first is first again, and in nobody’s way', async ({ page }) => {
  await page.addInitScript(() => {
    const theirs = document.createElement('div');
    theirs.className = 'foreign';
    const insist = () => document.body.firstChild !== theirs && document.body.prepend(theirs);
    document.addEventListener('DOMContentLoaded', () => {
      insist();
      new MutationObserver(insist).observe(document.body, { childList: true });
    });
  });
  await visit(page, '/sign-in');
  await expectAlive(page);
  expect(await page.evaluate(() => document.body.firstElementChild?.className)).toBe('foreign');
});

test('what was typed stays when the page is mended', async ({ page }) => {
  await whenThere(page, () => {
    document.querySelector<HTMLInputElement>('[name=email]')!.value = 'ann@example.com';
    document.querySelector('main')?.prepend(document.createElement('div'));
  });
  await visit(page, '/sign-in');
  await expect(page.getByLabel('Email')).toHaveValue('ann@example.com');
});

for (const path of ['/', '/sign-up', '/no-such-page', '/learn', '/learn/token', '/learn/session', '/learn/flows', '/learn/flows/refresh', '/learn/attacks', '/learn/attacks/guessing', '/learn/compare']) {
  test(`${path} is as it was sent, and can be mended`, async ({ page }) => {
    const mended: string[] = [];
    page.on('request', (request) => request.url().endsWith('/mend.js') && mended.push(request.url()));
    await visit(page, path);
    expect(mended, 'nothing to mend').toEqual([]);
    await whenThere(page, changes['an element first in main']!);
    await page.reload();
    await alive(page);
    expect(mended).toHaveLength(1);
    await expect(page.locator('.foreign')).toHaveCount(1);
  });
}

/** A browser that may complain, and what it says. */
async function complaining(browser: Browser, baseURL: string): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`uncaught: ${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
  });
  return { page, errors };
}

/** Why a page cannot come alive. */
const hopeless: Record<string, (page: Page) => Promise<unknown>> = {
  'an element that it needs is gone': (page) => whenThere(page, () => document.querySelector('h1')?.remove()),
  'its script does not arrive': (page) => page.route('**/pkg/monban*.js', (route) => route.fulfill({ status: 404 })),
  'its code does not arrive': (page) => page.route('**/pkg/monban*.wasm', (route) => route.abort()),
  'hydration fails after all': async (page) => {
    await whenThere(page, changes['an element first in the body']!);
    // Without what the server says about the page, nobody can tell that it was changed.
    await page.route(/\/sign-in/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace(/data-shape="[^"]*"/, '') });
    });
  },
};

for (const [why, spoil] of Object.entries(hopeless)) {
  test(`${why}: the page stays a good page, and says so once`, async ({ browser, baseURL }) => {
    const { page, errors } = await complaining(browser, baseURL ?? '');
    await spoil(page);
    await page.goto('/sign-in?next=/account/sessions');
    await expect(page.locator('html')).toHaveAttribute('data-plain', '');
    await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');

    expect(errors.filter((text) => text.startsWith('This page works on as plain HTML:'))).toHaveLength(1);
    expect(errors.filter((text) => text.startsWith('uncaught'))).toEqual([]);

    await signInHere(page, { email: somebody().email, password: 'not the one, sorry' });
    await expect(page.getByRole('alert')).toHaveText('Wrong email or password.');
    await page.goto('/sign-in');
    await expect(page.locator('html')).toHaveAttribute('data-plain', '');
    await header(page).getByRole('link', { name: 'Create account' }).click();
    await expect(page).toHaveURL(/\/sign-up/);
    await expect(page.getByLabel('Name')).toBeVisible();
    await page.context().close();
  });
}
