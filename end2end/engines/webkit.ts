// WebKitGTK, the engine of Safari, by WebDriver.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Builder, By, Capabilities, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../tests/monban.ts';
import type { Engine, Tab } from './engine.ts';

/** Starts WebKitGTK's small browser behind its driver. It needs a display: `xvfb-run`. */
export async function startWebKit(): Promise<Engine> {
  const port = await freePort();
  const process = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore' });
  try {
    const driver = await connect(`http://127.0.0.1:${port}`, process);
    return new WebKit(driver, process);
  } catch (error) {
    process.kill();
    throw error;
  }
}

async function connect(server: string, process: ChildProcess): Promise<WebDriver> {
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    acceptInsecureCerts: true,
    'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
  });
  const deadline = Date.now() + 60_000;
  for (;;) {
    const ready = await fetch(`${server}/status`).then(({ ok }) => ok, () => false);
    if (ready) return new Builder().usingServer(server).withCapabilities(capabilities).build();
    if (process.exitCode !== null || Date.now() > deadline) throw new Error('WebKitWebDriver did not start');
    await sleep(50);
  }
}

class WebKit implements Engine {
  private opened = 0;

  constructor(
    private driver: WebDriver,
    private process: ChildProcess,
  ) {}

  async open(): Promise<Tab> {
    if (this.opened++ > 0) await this.driver.switchTo().newWindow('tab');
    return new WebKitTab(this.driver, await this.driver.getWindowHandle());
  }

  cookies() {
    return this.driver.manage().getCookies();
  }

  async deleteCookie(name: string): Promise<void> {
    await this.driver.manage().deleteCookie(name);
  }

  async close(): Promise<void> {
    await this.driver.quit().catch(() => undefined);
    this.process.kill();
  }
}

class WebKitTab implements Tab {
  constructor(
    private driver: WebDriver,
    private handle: string,
  ) {}

  async goto(url: string): Promise<void> {
    await this.here();
    await this.driver.get(url);
  }

  async evaluate<T>(expression: string): Promise<T> {
    await this.here();
    return this.driver.executeScript<T>(`return (${expression})`);
  }

  async type(selector: string, text: string): Promise<void> {
    await this.here();
    await this.driver.findElement(By.css(selector)).sendKeys(text);
  }

  async click(selector: string): Promise<void> {
    await this.here();
    await this.driver.findElement(By.css(selector)).click();
  }

  private here(): Promise<void> {
    return this.driver.switchTo().window(this.handle);
  }
}

function miniBrowser(): string {
  const places = readdirSync('/usr/lib').flatMap((machine) =>
    ['4.1', '4.0'].map((api) => `/usr/lib/${machine}/webkit2gtk-${api}/MiniBrowser`),
  );
  const found = places.find(existsSync);
  if (!found) throw new Error('There is no MiniBrowser. Debian has it in webkit2gtk-driver.');
  return found;
}
