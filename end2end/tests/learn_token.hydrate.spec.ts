// `/learn/token` alive: a token is edited, pasted, signed, verified and forged.

import type { Page } from '@playwright/test';
import { visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';

/** The three segments as they stand in colours. */
async function segments(page: Page): Promise<string[]> {
  return page.getByTestId('token').locator('span').allTextContents();
}

const decode = (segment = '') => JSON.parse(Buffer.from(segment, 'base64url').toString()) as Record<string, unknown>;
const verdict = (page: Page) => page.getByRole('region', { name: 'A token on the workbench' }).locator('.verdict');

test('the token follows what is typed into its halves, and its signature does not', async ({ page }) => {
  await visit(page, '/learn/token');
  const before = await segments(page);
  const payload = page.getByLabel('Payload');
  await payload.fill((await payload.inputValue()).replace('"roles": []', '"roles": ["admin"]'));
  await expect.poll(async () => decode((await segments(page))[1])['roles']).toEqual(['admin']);
  const after = await segments(page);
  expect(after[0]).toBe(before[0]);
  expect(after[2]).toBe(before[2]);
  await page.getByRole('button', { name: "Show it to the server's verifier" }).click();
  await expect(verdict(page)).toContainText('the signature is not valid');
});

test('a token that is pasted is taken apart', async ({ page }) => {
  await visit(page, '/learn/token');
  const token = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"門番","exp":4102444800}').toString('base64url')}.c2ln`;
  await page.getByLabel('The whole token').fill(token);
  await expect(page.getByLabel('Header')).toHaveValue('{\n  "alg": "HS256"\n}');
  await expect(page.getByLabel('Payload')).toHaveValue('{\n  "sub": "門番",\n  "exp": 4102444800\n}');
  await expect(page.locator('.claims')).toContainText('2100-01-01 00:00:00 UTC (in ');
  await page.getByRole('button', { name: "Show it to the server's verifier" }).click();
  await expect(verdict(page)).toContainText('not the type of token expected');
});

for (const alg of ['HS256', 'EdDSA', 'ES256']) {
  test(`it is signed with a throwaway key, and only that key verifies it, ${alg}`, async ({ page }) => {
    await visit(page, '/learn/token');
    const signing = page.getByRole('region', { name: 'Sign it with a throwaway key' });
    const [, , before] = await segments(page);
    await signing.getByLabel('alg').selectOption(alg);
    await signing.getByRole('button', { name: 'Sign', exact: true }).click();
    await expect.poll(async () => (await segments(page))[2]).not.toBe(before);
    expect(decode((await segments(page))[0])['alg']).toBe(alg);
    await signing.getByRole('button', { name: 'Verify with this key' }).click();
    await expect(signing.locator('.verdict[data-key=mine]')).toHaveText('The signature is valid.');
    await signing.getByRole('button', { name: 'Verify with another key' }).click();
    await expect(signing.locator('.verdict[data-key=other]')).toHaveText('The signature is not valid.');
    await page.getByRole('button', { name: "Show it to the server's verifier" }).click();
    await expect(verdict(page)).toContainText('Refused');
  });
}

test('HMAC is shown step by step, and the last step is the signature', async ({ page }) => {
  await visit(page, '/learn/token');
  const signing = page.getByRole('region', { name: 'Sign it with a throwaway key' });
  await signing.getByLabel('Secret').fill('a secret');
  await signing.getByRole('button', { name: 'Sign', exact: true }).click();
  const steps = signing.locator('.hmac .bytes');
  await expect(steps).toHaveCount(5);
  await expect(steps.first()).toHaveText(Buffer.from('a secret').toString('hex').padEnd(128, '0'));
  const tag = Buffer.from((await steps.last().textContent()) ?? '', 'hex').toString('base64url');
  await expect.poll(async () => (await segments(page))[2]).toBe(tag);
});

test('a forgery is put on the bench', async ({ page }) => {
  await visit(page, '/learn/token');
  await page.locator('.forgeries > li').nth(1).getByRole('link').click();
  await expect.poll(async () => decode((await segments(page))[0])['alg']).toBe('none');
  await expect(page.getByRole('heading', { name: 'A token on the workbench' })).toBeInViewport();
});
