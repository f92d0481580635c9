import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results/artefacts',
  forbidOnly: !!process.env.CI,
  fullyParallel: false,
  // Nothing here is allowed to pass at the second try.
  retries: 0,
  // Generous: no test may depend on how fast the machine is, or on what else it does.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  workers: 2,
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
  },
  // Every test runs twice: pages work before the WebAssembly arrives, and without any.
  projects: [
    { name: 'js', testIgnore: '**/*.api.spec.ts' },
    { name: 'no-js', testIgnore: ['**/*.hydrate.spec.ts', '**/*.api.spec.ts'], use: { javaScriptEnabled: false } },
    // Once, without any page: what native clients and other services meet.
    { name: 'api', testMatch: '**/*.api.spec.ts' },
  ],
});
