// Other services that check Monban's access tokens. They know nothing of it but its JWKS.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';

export interface Verifier {
  name: string;
  accepts: (token: string) => Promise<boolean>;
  stop: () => void;
}

/** jose, which keeps its copy of the JWKS for exactly as long as it may: it never asks early for a key that it does not know. */
export function jose(issuer: string): Verifier {
  let copy: { keys: ReturnType<typeof createLocalJWKSet>; until: number } | undefined;
  const keys = async () => {
    if (!copy || copy.until <= Date.now()) {
      const asked = Date.now();
      const answer = await fetch(`${issuer}/.well-known/jwks.json`);
      const maxAge = Number(/max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1]);
      copy = { keys: createLocalJWKSet((await answer.json()) as JSONWebKeySet), until: asked + maxAge * 1000 };
    }
    return copy.keys;
  };
  const accepts = async (token: string) =>
    jwtVerify(token, await keys(), { issuer, audience: audience(token) }).then(
      () => true,
      () => false,
    );
  return { name: 'jose', accepts, stop: () => {} };
}

/** PyJWT, with its own client for the JWKS. */
export function pyjwt(issuer: string, anyToken: string, maxAge: number): Verifier {
  const python = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'monban/python/bin/python');
  const script = resolve(import.meta.dirname, '../api/verify.py');
  const verifier = spawn(python, [script, issuer, audience(anyToken), String(maxAge)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((verdict: string) => void)[] = [];
  createInterface(verifier.stdout).on('line', (verdict) => waiting.shift()?.(verdict));
  // Without an answer nothing is accepted.
  verifier.on('exit', () => waiting.splice(0).forEach((answer) => answer('gone')));
  const accepts = async (token: string) => {
    const verdict = await new Promise<string>((answer) => {
      waiting.push(answer);
      verifier.stdin.write(`${token}\n`);
    });
    return verdict === 'accepted';
  };
  return { name: 'PyJWT', accepts, stop: () => verifier.kill() };
}

function audience(token: string): string {
  return decodeJwt(token).aud as string;
}
