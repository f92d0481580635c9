// `/learn/token` without touching it: what was forged, and what the verifier said.

import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';

test('each forgery was refused by another check, and the page says by which and where', async ({ page }) => {
  await visit(page, '/learn/token');
  const refused = [
    ['Change the payload, keep the signature', 'the signature is not valid', 'kit/auth/src/token/tokens.rs'],
    ['alg: none', 'not a strict compact JWS', 'kit/auth/src/token/compact.rs'],
    ['HMAC with the public key', 'its algorithm does not match its key', 'kit/auth/src/token/tokens.rs'],
    ["The forger's own key", 'no key with that kid is known', 'kit/auth/src/keys/ring.rs'],
    ['An expired token', 'it has expired', 'kit/auth/src/token/tokens.rs'],
    ['A refresh token used as an access token', 'not the type of token expected', 'kit/auth/src/token/tokens.rs'],
  ];
  const forgeries = page.locator('.forgeries > li');
  await expect(forgeries).toHaveCount(refused.length);
  for (const [index, [name, reason, source]] of refused.entries()) {
    const forgery = forgeries.nth(index);
    await expect(forgery.getByRole('heading')).toHaveText(name ?? '');
    await expect(forgery.locator('.verdict')).toContainText(reason ?? '');
    await expect(forgery.locator('.verdict')).toContainText(source ?? '');
  }
});

test('the claims of the token are explained in words', async ({ page }) => {
  await visit(page, '/learn/token');
  const claims = page.locator('.claims');
  await expect(claims.locator('dt')).toHaveText(['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'sid', 'gen', 'roles', 'auth_time', 'amr', 'ver']);
  await expect(claims).toContainText('1970-01-01 00:05:00 UTC');
});
