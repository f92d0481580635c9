// The drill: signing keys are rotated twice and retired once, while native clients refresh and check all
// the time and other services verify every token. Nobody notices.

import { decodeProtectedHeader } from 'jose';
import { within } from './browsing.ts';
import { expect, type Monban, test } from './fixtures.ts';
import { somebody } from './people.ts';
import { jose, pyjwt, type Verifier } from './verifiers.ts';

const MAX_AGE = 2;
test.use({ settings: { MONBAN_JWKS_MAX_AGE: `${MAX_AGE}s` } });

interface Tokens {
  access_token: string;
  refresh_token: string;
}

test('two rotations and a retirement under load: no request fails, and other services follow', async ({ monban }) => {
  const clients = await Promise.all(Array.from({ length: 8 }, () => NativeClient.signUp(monban)));
  const [sleeper] = clients.splice(0, 1) as [NativeClient];
  const first = sleeper.kid;
  const verifiers = [jose(monban.baseURL), pyjwt(monban.baseURL, sleeper.tokens.access_token, MAX_AGE)];
  for (const verifier of verifiers) expect(await verifier.accepts(sleeper.tokens.access_token), verifier.name).toBe(true);

  const faults: string[] = [];
  let working = true;
  const load = clients.map((client) => client.work(verifiers, faults, () => working));
  for (let rotation = 1; rotation <= 2; rotation++) {
    const kid = (await monban.command('keys', 'rotate')).trim();
    await expect.poll(() => clients.every((client) => client.kid === kid), { timeout: within(20_000) }).toBe(true);
  }
  expect(await sleeper.asks()).toBe(200);
  expect(await monban.command('keys', 'retire', first)).toBe('retired\n');

  // What the retired key signed is refused, here within a second and by the others once they look again.
  await expect.poll(() => sleeper.asks(), { timeout: within(1000), intervals: [20] }).toBe(401);
  for (const { name, accepts } of verifiers) {
    await expect.poll(() => accepts(sleeper.tokens.access_token), { message: name, timeout: within((MAX_AGE + 1) * 1000) }).toBe(false);
  }
  // Whoever slept through it all is still signed in.
  expect(await sleeper.refresh()).toBe(200);
  expect(await sleeper.asks()).toBe(200);
  for (const verifier of verifiers) expect(await verifier.accepts(sleeper.tokens.access_token), verifier.name).toBe(true);

  const requests = () => clients.reduce((sum, client) => sum + client.requests, 0);
  await expect.poll(requests, { message: 'requests under the drill', timeout: within(20_000) }).toBeGreaterThan(500);
  working = false;
  await Promise.all(load);
  verifiers.forEach((verifier) => verifier.stop());
  expect(faults).toEqual([]);
});

/** An app on somebody's phone. */
class NativeClient {
  requests = 0;

  private constructor(
    private readonly api: string,
    public tokens: Tokens,
  ) {}

  static async signUp(monban: Monban): Promise<NativeClient> {
    const { name, email, password } = somebody();
    const client = new NativeClient(`${monban.baseURL}/api/v1`, { access_token: '', refresh_token: '' });
    expect((await client.post('/accounts', { name, email, password })).status).toBe(201);
    const signedIn = await client.post('/sessions', { email, password });
    expect(signedIn.status).toBe(201);
    client.tokens = (await signedIn.json()) as Tokens;
    return client;
  }

  get kid(): string {
    return decodeProtectedHeader(this.tokens.access_token).kid ?? '';
  }

  /** Asks who it is. */
  async asks(): Promise<number> {
    this.requests += 1;
    const headers = { authorization: `Bearer ${this.tokens.access_token}` };
    return (await fetch(`${this.api}/session`, { headers })).status;
  }

  async refresh(): Promise<number> {
    const answer = await this.post('/sessions/refresh', { refresh_token: this.tokens.refresh_token });
    if (answer.status === 200) this.tokens = (await answer.json()) as Tokens;
    return answer.status;
  }

  /** Checks and refreshes for as long as it should, and has every token verified by the others. */
  async work(verifiers: Verifier[], faults: string[], goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      for (let time = 0; time < 5; time++) {
        const status = await this.asks();
        if (status !== 200) faults.push(`who am I: ${status}`);
      }
      for (const { name, accepts } of verifiers) {
        if (!(await accepts(this.tokens.access_token))) faults.push(`${name} refused a token of ${this.kid}`);
      }
      const status = await this.refresh();
      if (status !== 200) faults.push(`refresh: ${status}`);
    }
  }

  private post(path: string, body: object): Promise<Response> {
    this.requests += 1;
    return fetch(this.api + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }
}
