// `/learn/session`: the button that rotates the signing key.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { admit, member } from './people.ts';

// A server of its own: where a new key waits already, the button has nothing to do.
test.use({ settings: { MONBAN_KEY_ROTATION: '60d' } });

test('only an administrator finds the button that rotates the signing key', async ({ page, context, monban }) => {
  const person = await member(context);
  const rotate = page.getByRole('button', { name: 'Rotate the signing key', exact: true });
  await visit(page, '/learn/session');
  await expect(rotate).toHaveCount(0);
  await monban.command('users', 'grant', person.email, 'admin');
  await admit(context, person);
  await visit(page, '/learn/session');
  const published = async () => ((await (await context.request.get('/.well-known/jwks.json')).json()) as { keys: unknown[] }).keys.length;
  const before = await published();
  await rotate.click();
  await expect(page.getByText('Done. See below.')).toBeVisible();
  expect(await published()).toBe(before + 1);
});
