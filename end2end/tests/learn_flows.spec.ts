// `/learn/flows` as it is rendered: eight flows, each on a page of its own with its recorded messages,
// sources and sections.

import { visit } from './browsing.ts';
import { JWT } from './cookies.ts';
import { expect, test } from './fixtures.ts';

const FLOWS: [string, string][] = [
  ['sign-up', 'Sign-up'],
  ['sign-in', 'Sign-in'],
  ['call-api', 'Calling the API'],
  ['refresh', 'Refresh'],
  ['sign-out', 'Sign-out'],
  ['theft', 'Theft'],
  ['racing-tabs', 'Racing tabs'],
  ['key-rotation', 'Key rotation'],
];

test('the contents lead to each flow, with a sentence on it', async ({ page }) => {
  await visit(page, '/learn/flows');
  const entries = page.locator('.contents > li');
  await expect(entries.getByRole('link')).toHaveText(FLOWS.map(([, name]) => name));
  for (const [index, [segment]] of FLOWS.entries()) {
    await expect(entries.nth(index).getByRole('link')).toHaveAttribute('href', `/learn/flows/${segment}`);
    await expect(entries.nth(index).locator('p')).toHaveText(/.{20,}\.$/);
  }
});

for (const [index, [segment, name]] of FLOWS.entries()) {
  test(`${name} reads as a list, step by step, with messages, rows, sources and sections`, async ({ page }) => {
    await visit(page, `/learn/flows/${segment}`);
    await expect(page).toHaveTitle(`${name} · The flows, step by step · Monban`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    const flow = page.locator('.flow');
    await expect(flow).toHaveCount(1);
    const steps = flow.locator('.steps > li');
    expect(await steps.count()).toBeGreaterThan(3);
    await expect(steps.first()).toHaveAttribute('aria-current', 'step');
    expect(await flow.locator('.message').count()).toBeGreaterThan(1);
    expect(await flow.locator('.reading .source').count()).toBe(await steps.count());
    expect(await flow.locator('.reading a[href*="rfc-editor.org"]').count()).toBe(await steps.count());
    if (segment === 'theft') await expect(flow).toContainText('reused');
    // The way to those around it.
    const around = page.getByRole('navigation', { name: 'Previous and next' }).getByRole('link');
    const neighbours = [FLOWS[index - 1], undefined, FLOWS[index + 1]]
      .map((flow, place) => (place === 1 ? '/learn/flows' : flow && `/learn/flows/${flow[0]}`))
      .filter(Boolean);
    expect(await around.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(neighbours);
  });

  test(`${name}: no whole token stands in any message`, async ({ page }) => {
    await visit(page, `/learn/flows/${segment}`);
    const messages = (await page.locator('.message').allTextContents()).join('\n');
    expect(messages.length).toBeGreaterThan(100);
    expect(messages).not.toMatch(JWT);
  });
}

test('what is no flow is no page', async ({ page }) => {
  const answer = await page.goto('/learn/flows/nothing');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
});
