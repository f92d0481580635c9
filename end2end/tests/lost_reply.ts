// Replies that are lost on the way.

import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, type Page, type Request } from '@playwright/test';
import { REFRESH } from './cookies.ts';

/** Lets the server see the next request to that path, and the browser see nothing of its reply. */
export async function loseNextReply(page: Page, path: string): Promise<() => number | undefined> {
  let status: number | undefined;
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      status = await ask(route.request());
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  return () => status;
}

/** Sends the request from elsewhere, so that the browser's cookies stay as they are. */
async function ask(request: Request): Promise<number | undefined> {
  const asked = http.request(request.url(), { method: request.method(), headers: await request.allHeaders() });
  asked.end(request.postData());
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  expect(String(answer.headers['set-cookie'])).toContain(REFRESH);
  await text(answer);
  return answer.statusCode;
}
