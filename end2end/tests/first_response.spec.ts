// The server renders the truth: nothing flashes by before it.

import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

const navigation = { headers: { accept: 'text/html' }, maxRedirects: 0 };

for (const path of ['/', '/account', '/account/sessions', '/no-such-page']) {
  test(`signed in, the first response of ${path} has the name in it and no way to sign in`, async ({ context }) => {
    const person = await member(context);
    const html = await (await context.request.get(path, navigation)).text();

    expect(html).toContain(person.name);
    expect(html).toContain('action="/api/sign_out"');
    expect(html).not.toContain('href="/sign-in"');
    expect(html).not.toContain('href="/sign-up"');
  });
}

test('signed out, the first response of a page for members is the way to sign in', async ({ context }) => {
  const answer = await context.request.get('/account/sessions', navigation);
  expect(answer.status()).toBe(302);
  expect(answer.headers()['location']).toBe('/sign-in?next=/account/sessions');
});

test('signed in, the first response of the sign-in page leads on', async ({ context }) => {
  await member(context);
  const answer = await context.request.get('/sign-in?next=/account/sessions', navigation);
  expect(answer.status()).toBe(302);
  expect(answer.headers()['location']).toBe('/account/sessions');
});

test('no cache keeps a page, signed in or out', async ({ context }) => {
  for (const _ of ['stranger', 'member']) {
    const answer = await context.request.get('/', navigation);
    expect(answer.headers()['cache-control']).toBe('private, no-store');
    expect(answer.headers()['vary']).toContain('Cookie');
    await member(context);
  }
});
