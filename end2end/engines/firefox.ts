// Firefox, by WebDriver BiDi.

import puppeteer, { type Page } from 'puppeteer-core';
import type { Engine, Tab } from './engine.ts';

/** Starts Firefox. Its cookies are those of that site. */
export async function startFirefox(site: string): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    acceptInsecureCerts: true,
    protocolTimeout: 120_000,
    extraPrefsFirefox: { 'app.update.enabled': false, 'browser.aboutwelcome.enabled': false },
  });
  const context = browser.defaultBrowserContext();
  const cookies = async () => {
    const { hostname } = new URL(site);
    return (await context.cookies()).filter(({ domain }) => domain === hostname);
  };
  return {
    open: async () => new FirefoxTab(await context.newPage()),
    cookies,
    deleteCookie: async (name) => {
      await context.deleteCookie(...(await cookies()).filter((cookie) => cookie.name === name));
    },
    close: () => browser.close(),
  };
}

class FirefoxTab implements Tab {
  constructor(private page: Page) {}

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression) as Promise<T>;
  }

  async type(selector: string, text: string): Promise<void> {
    await this.page.type(selector, text);
  }

  async click(selector: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.click(selector);
  }
}
