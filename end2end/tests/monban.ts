// One server process: its own port, its own empty data folder, its own settings.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get as getPlain } from 'node:http';
import { get as getByTls } from 'node:https';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Environment variables of the server, such as `{ MONBAN_ACCESS_TTL: '2s' }`. Another program spells them by
 * its own name, which MONBAN_PROGRAM tells: `NOTES_ACCESS_TTL`.
 */
export type Settings = Record<string, string>;

const root = resolve(import.meta.dirname, '../..');

export class Monban {
  /** Everything the server has printed since its first start. */
  log = '';
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private settings: Settings,
  ) {}

  static async start(settings: Settings = {}): Promise<Monban> {
    const monban = new Monban(await freePort(), mkdtempSync(join(tmpdir(), 'monban-')), settings);
    await monban.resume();
    return monban;
  }

  get baseURL(): string {
    return `${this.tls ? 'https' : 'http'}://localhost:${this.port}`;
  }

  /** Whether it speaks TLS, with a certificate that it makes itself. */
  private get tls(): boolean {
    return this.settings.MONBAN_TLS_SELF_SIGNED === 'true';
  }

  /** Starts the server on what it left: same port, same data. Other settings if given. */
  async resume(settings = this.settings): Promise<void> {
    this.settings = settings;
    this.process = spawn(binary(), ['serve'], { cwd: root, env: this.environment() });
    this.process.stdout?.on('data', (text) => (this.log += text));
    this.process.stderr?.on('data', (text) => (this.log += text));
    this.process.on('error', (error) => (this.log += error));
    this.process.on('exit', (code, signal) => (this.log += `ended: ${signal ?? code}\n`));
    await this.healthy(this.process);
  }

  /** Asks the server to end (SIGTERM), or ends it as a crash would (SIGKILL). */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const running = this.process;
    if (!running || ended(running)) return;
    const exit = once(running, 'exit');
    running.kill(signal);
    const late = setTimeout(() => running.kill('SIGKILL'), 10_000);
    await exit;
    clearTimeout(late);
  }

  /** Runs a command of the operator, such as `monban users grant …`. Answers what it printed. */
  async command(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(binary(), words, { cwd: root, env: this.environment() });
    return stdout;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    // What a developer has set for a server of their own must not change a test.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(MONBAN|NOTES|LEPTOS)_/.test(name));
    const settings = {
      MONBAN_LISTEN: `127.0.0.1:${this.port}`,
      MONBAN_BASE_URL: this.baseURL,
      MONBAN_DATA_DIR: this.dataDir,
      MONBAN_DATABASE_URL: `sqlite://${join(this.dataDir, 'monban.db')}`,
      ...this.settings,
    };
    const prefix = `${process.env.MONBAN_PROGRAM ?? 'MONBAN'}_`;
    const spelled = Object.entries(settings).map(([name, value]) => [name.replace(/^MONBAN_/, prefix), value]);
    return { ...Object.fromEntries(inherited), ...Object.fromEntries(spelled) };
  }

  private async healthy(server: ChildProcess): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline && !ended(server)) {
      if (await this.answers()) return;
      await sleep(20);
    }
    await this.stop('SIGKILL');
    throw new Error(`Monban did not start:\n${this.log}`);
  }

  private answers(): Promise<boolean> {
    const { port } = this;
    const options = { host: '127.0.0.1', port, path: '/healthz', rejectUnauthorized: false, agent: false };
    return new Promise((settle) => {
      const request = (this.tls ? getByTls : getPlain)(options, (answer) => {
        answer.resume();
        settle(answer.statusCode === 200);
      });
      request.on('error', () => settle(false));
    });
  }
}

function ended(server: ChildProcess): boolean {
  return server.pid === undefined || server.exitCode !== null || server.signalCode !== null;
}

/** MONBAN_BIN, or what was built last: `cargo leptos end-to-end` builds debug, with --release release. */
function binary(): string {
  if (process.env.MONBAN_BIN) return resolve(root, process.env.MONBAN_BIN);
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
  const builds = ['release', 'debug'].map((profile) => join(target, profile, 'monban')).filter(existsSync);
  const [newest] = builds.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!newest) throw new Error(`No monban under ${target}. Build one with \`make dist\`, or name it in MONBAN_BIN.`);
  return newest;
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
