// The engine of the project at hand, and a server that it can sign in to.

import http from 'node:http';
import https from 'node:https';
import { test as base, expect } from '@playwright/test';
import { claims, REFRESH } from '../tests/cookies.ts';
import { Monban, type Settings } from '../tests/monban.ts';
import { type Person, somebody } from '../tests/people.ts';
import type { Engine, Tab } from './engine.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';

export { expect, somebody };

interface ForATest {
  monban: Monban;
  engine: Engine;
  site: Site;
}

interface ForAWorker {
  settings: Settings;
  /** Whether WebKit is given the TLS that it takes. Firefox takes `http://localhost` as well. */
  tls: boolean;
}

export const test = base.extend<ForATest & ForAWorker>({
  settings: [{}, { option: true }],
  tls: [true, { option: true }],

  monban: async ({ settings, tls }, use, info) => {
    const secure = tls && info.project.name === 'webkit';
    const monban = await Monban.start({
      MONBAN_ARGON2_MEMORY: '64',
      MONBAN_ARGON2_ITERATIONS: '1',
      ...(secure && { MONBAN_TLS_SELF_SIGNED: 'true' }),
      ...settings,
    });
    await use(monban);
    if (info.status !== info.expectedStatus) {
      await info.attach('monban.log', { body: monban.log, contentType: 'text/plain' });
    }
    await monban.remove();
  },

  engine: async ({ monban }, use, info) => {
    const engine = await (info.project.name === 'webkit' ? startWebKit() : startFirefox(monban.baseURL));
    await use(engine);
    await engine.close();
  },

  site: async ({ monban, engine }, use) => use(new Site(monban.baseURL, engine)),
});

/** The site, in one browser. */
export class Site {
  constructor(
    readonly url: string,
    private engine: Engine,
  ) {}

  open(): Promise<Tab> {
    return this.engine.open();
  }

  /** Opens a page, and waits until it is alive. */
  async visit(tab: Tab, path: string): Promise<void> {
    await tab.goto(this.url + path);
    await this.arrive(tab, path);
  }

  /** Waits until the tab shows that page, alive. */
  async arrive(tab: Tab, path: string): Promise<void> {
    await expect.poll(() => where(tab)).toEqual({ path, alive: true });
  }

  /** Fills in the form on `/sign-up` and sends it. */
  async signUp(tab: Tab, person: Person): Promise<void> {
    await this.visit(tab, '/sign-up');
    await tab.type('[name=name]', person.name);
    await tab.type('[name=email]', person.email);
    await tab.type('[name=password]', person.password);
    await tab.click('main button[type=submit]');
  }

  /** Somebody new, whose account is open in the tab. */
  async member(tab: Tab): Promise<Person> {
    const person = somebody();
    await this.signUp(tab, person);
    await this.arrive(tab, '/account');
    await this.isSignedIn(tab, person);
    return person;
  }

  async isSignedIn(tab: Tab, person: Person): Promise<void> {
    await expect.poll(() => text(tab, 'header')).toContain(person.name);
  }

  async isSignedOut(tab: Tab): Promise<void> {
    await expect.poll(() => text(tab, 'header')).toContain('Sign in');
  }

  /** The value of a cookie of this site. */
  async cookie(name: string): Promise<string> {
    const found = (await this.engine.cookies()).find((cookie) => cookie.name === name);
    if (!found) throw new Error(`There is no cookie ${name}`);
    return found.value;
  }

  async cookieNames(): Promise<string[]> {
    return (await this.engine.cookies()).map(({ name }) => name);
  }

  deleteCookie(name: string): Promise<void> {
    return this.engine.deleteCookie(name);
  }

  /** How often the session was renewed, plus one. */
  async generation(): Promise<number> {
    return claims(await this.cookie(REFRESH)).gen;
  }

  /** Renews the session behind the browser's back, as a request does whose answer is lost. */
  async renewUnheard(): Promise<void> {
    const client = this.url.startsWith('https:') ? https : http;
    const answer = new Promise<number | undefined>((settle, fail) => {
      const request = client.request(`${this.url}/api/refresh`, { method: 'POST', rejectUnauthorized: false, agent: false });
      request.setHeader('sec-fetch-site', 'same-origin');
      request.setHeader('accept', 'application/json');
      request.setHeader('content-type', 'application/x-www-form-urlencoded');
      this.cookie(REFRESH).then((token) => {
        request.setHeader('cookie', `${REFRESH}=${token}`);
        request.end();
      }, fail);
      request.on('error', fail);
      request.on('response', (response) => {
        response.resume();
        settle(response.statusCode);
      });
    });
    expect(await answer).toBe(200);
  }
}

/** The text that an element shows; nothing if it is not there. */
export function text(tab: Tab, selector: string): Promise<string> {
  return tab.evaluate<string>(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`);
}

function where(tab: Tab): Promise<{ path: string; alive: boolean }> {
  return tab.evaluate(
    "({ path: location.pathname + location.search, alive: document.documentElement.dataset.hydrated === 'true' })",
  );
}
