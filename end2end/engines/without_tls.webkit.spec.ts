// WebKit refuses `Secure` cookies on `http://localhost`. The page says so, and what to do.

import { expect, somebody, test, text } from './fixtures.ts';

test.use({ tls: false });

test('signing up without TLS says what to do, and leaves nothing behind', async ({ site, monban }) => {
  const tab = await site.open();
  const person = somebody();
  await site.signUp(tab, person);
  await expect.poll(() => text(tab, 'main [role=alert]')).toContain('make run TLS=1');
  // What was typed is there still.
  expect(await tab.evaluate('document.querySelector("[name=email]").value')).toBe(person.email);
  expect(await monban.command('users', 'list')).not.toContain(person.email);

  await site.visit(tab, '/sign-in');
  await tab.type('[name=email]', person.email);
  await tab.type('[name=password]', person.password);
  await tab.click('main button[type=submit]');
  await expect.poll(() => text(tab, 'main [role=alert]')).toContain('https://localhost:3000');
});
