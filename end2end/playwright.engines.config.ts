import { defineConfig } from '@playwright/test';

// The other two engines. Playwright only runs the tests: Debian's Firefox and WebKitGTK are driven by
// their own protocols (WebDriver BiDi, WebDriver), because Playwright drives only builds of its own.
export default defineConfig({
  testDir: 'engines',
  outputDir: 'test-results/engines-artefacts',
  forbidOnly: !!process.env.CI,
  retries: 0,
  // Generous: a browser starts within a test, on two cores that may be busy.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  workers: 2,
  reporter: [['list'], ['json', { outputFile: 'test-results/engines.json' }]],
  projects: [
    { name: 'firefox', testIgnore: '**/*.webkit.spec.ts' },
    { name: 'webkit' },
  ],
});
