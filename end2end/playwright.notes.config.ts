import { defineConfig } from '@playwright/test';
import usual from './playwright.config.ts';

// How it spells its settings. Set before the workers start, which inherit it.
process.env.MONBAN_PROGRAM = 'NOTES';

// The example app, which has its accounts from Monban's crates.
export default defineConfig({
  ...usual,
  testDir: 'notes',
  outputDir: 'test-results/notes-artefacts',
  reporter: [['list'], ['json', { outputFile: 'test-results/notes.json' }]],
  projects: [{ name: 'js' }, { name: 'no-js', use: { javaScriptEnabled: false } }],
});
