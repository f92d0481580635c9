// Times are told by the clock of whoever reads them; without script in UTC, which then says so.

import { scripted, visit } from './browsing.ts';
import { expect, test } from './fixtures.ts';
import { member } from './people.ts';

const words = {
  'en-GB': { time: /^\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d GMT\+9$/, utc: /^\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d UTC$/ },
  'ja-JP': { time: /^\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d JST$/, utc: /^\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d UTC$/ },
} as const;

for (const locale of ['en-GB', 'ja-JP'] as const) {
  test(`in ${locale}, somebody in Tokyo reads the time of Tokyo`, async ({ anotherBrowser, baseURL }) => {
    const context = await anotherBrowser({ locale, timezoneId: 'Asia/Tokyo', baseURL: baseURL ?? '' });
    await member(context);
    const page = await context.newPage();
    await visit(page, '/account/sessions');
    const time = page.getByRole('main').locator('time').first();
    await expect(time).toHaveText(scripted() ? words[locale].time : words[locale].utc);

    // The machine's form stays what it is, and the words say the same instant.
    const instant = new Date((await time.getAttribute('datetime')) ?? '');
    const zone = scripted() ? 'Asia/Tokyo' : 'UTC';
    const clock = instant.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone });
    await expect(time).toContainText(` ${clock} `);
  });

  test(`in ${locale}, the day of "Member since" is the reader's own`, async ({ anotherBrowser, baseURL }) => {
    // Where it is another day now than in UTC.
    const timezoneId = new Date().getUTCHours() < 11 ? 'Pacific/Pago_Pago' : 'Pacific/Kiritimati';
    const context = await anotherBrowser({ locale, timezoneId, baseURL: baseURL ?? '' });
    await member(context);
    const page = await context.newPage();
    await visit(page, '/account');
    const since = page.getByRole('main').locator('time');
    const instant = new Date((await since.getAttribute('datetime')) ?? '');
    const day = (timeZone: string) =>
      instant.toLocaleDateString(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone });
    expect(day(timezoneId)).not.toBe(day('UTC'));
    const utc = locale === 'ja-JP' ? `${day('UTC')}（UTC）` : `${day('UTC')} (UTC)`;
    await expect(since).toHaveText(scripted() ? day(timezoneId) : utc);
  });
}
