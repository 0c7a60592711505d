import { readFileSync } from 'node:fs';

const cell = (page, name) => page.getByRole('gridcell', { name, exact: true }).first();
const grid = (page) => page.getByRole('grid', { name: /Events, newest first|최신순 이벤트/ });
/** The number beside the title. */
const total = async (page) => {
  const title = page.getByRole('heading', { level: 1, name: /\d/ });
  return Number((await title.innerText()).replaceAll(/\D/g, ''));
};

export default [
  {
    name: 'Event history: pictures',
    async run(visit) {
      await visit.signIn();
      await visit.pictures('history', (page) => page.getByRole('slider'));
    },
  },
  {
    name: 'Event history: a query is typed, kept in the URL, and narrowed by clicks',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn();
      await page.getByRole('gridcell').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('User name = alice');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=username\+%3D\+alice/);
      await cell(page, 'AssumeRole').waitFor();
      assert.equal(await total(page), 2);

      await cell(page, 'AssumeRole').hover();
      await page.getByRole('button', { name: 'Without AssumeRole' }).first().click();
      await page.waitForURL(/event-name\+%21%3D\+AssumeRole/);
      await cell(page, 'AssumeRole').waitFor({ state: 'detached' });
      assert.equal(await total(page), 1);

      await page.goBack();
      await cell(page, 'AssumeRole').waitFor();
      await page.reload();
      await cell(page, 'AssumeRole').waitFor();
    },
  },
  {
    name: 'Event history: a facet filters, excludes and lets go',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/history?last=1d');
      const bob = page.getByRole('button', { name: /^bob\b/ });
      await bob.click();
      await page.waitForURL(/q=username\+%3D\+bob/);
      await page.getByRole('button', { name: /^bob\b/, pressed: true }).click();
      await page.waitForURL((url) => !url.searchParams.has('q'));
      await bob.hover();
      await page.getByRole('button', { name: 'Without bob' }).first().click();
      await page.waitForURL(/username\+%21%3D\+bob/);
      await page.getByRole('button', { name: /^bob\b/ }).waitFor({ state: 'detached' });
      assert.ok((await total(page)) > 0);
    },
  },
  {
    name: 'Event history: dragging over the histogram, or keys, choose a time',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/history?last=1d');
      const plot = page.getByRole('slider', { name: 'Events over time' });
      await plot.waitFor();
      const all = await total(page);
      const box = await plot.boundingBox();
      await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/from=.*&to=/);
      await page.waitForLoadState('networkidle');
      const part = await total(page);
      assert.ok(part > 0 && part < all, `${part} of ${all}`);

      const before = page.url();
      await plot.focus();
      for (const key of ['Home', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key);
      await page.waitForURL((url) => url.href !== before);
    },
  },
  {
    name: 'Event history: the table goes on to the end, by keys alone',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/history?last=1d&q=username+%3D+carol');
      const all = await total(page);
      assert.ok(all > 300, `${all} events`);
      await grid(page).focus();
      const rows = async () => Number(await grid(page).getAttribute('aria-rowcount')) - 1;
      for (let loaded = await rows(); loaded < all; loaded = await rows()) {
        await page.keyboard.press('End');
        await page.waitForFunction((last) => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1 > last, loaded);
      }
      await page.keyboard.press('End');
      await page.getByText(/That is all/).waitFor();
      assert.ok((await page.getByRole('row').count()) < 80, 'only rows in sight are drawn');
      await page.keyboard.press('Enter');
      await page.waitForURL(/event=/);
    },
  },
  {
    name: 'Event history: columns are chosen, and what is shown is exported',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/history?q=username+%3D+alice');
      await cell(page, 'CreateAccessKey').waitFor();
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('dialog').getByText('Access key ID').click();
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByRole('columnheader', { name: 'Access key ID' }).waitFor();

      const csv = await exported(page, /CSV/);
      const lines = csv.trim().split('\r\n');
      assert.equal(lines.length, 3);
      assert.match(lines[0], /^time,event-name,.*access-key-id/);
      assert.match(lines[1], /CreateAccessKey,alice,.*AKIAIOSFODNN7ALICE01/);
      const { Records } = JSON.parse(await exported(page, /JSON/));
      assert.deepEqual(Records.map(({ eventName }) => eventName), ['CreateAccessKey', 'AssumeRole']);

      await page.reload();
      await page.getByRole('columnheader', { name: 'Access key ID' }).waitFor();
    },
  },
  {
    name: 'Event history: following shows and counts what happens while one looks, and a pause keeps it',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/history?q=event-name+%3D+ListTrails');
      await page.getByText(/No events|That is all/).waitFor();
      const before = await total(page);
      await page.getByRole('button', { name: 'Follow' }).click();
      await page.waitForURL(/follow=1/);
      const other = await visit.context.newPage();
      await other.goto(`${visit.server.origin}/console/trails`);
      await other.getByLabel('Access key ID').fill(visit.server.key.access_key_id);
      await other.getByLabel('Secret access key').fill(visit.server.key.secret_access_key);
      await other.getByRole('button', { name: 'Sign in' }).click();
      await cell(page, 'ListTrails').waitFor();
      await page.getByRole('heading', { level: 1, name: String(before + 1) }).waitFor();
      await page.getByRole('button', { name: `ListTrails ${String(before + 1)}` }).waitFor();
      await other.close();
      await page.getByRole('button', { name: 'Following' }).click();
      await page.waitForURL((url) => !url.searchParams.has('follow'));
      await cell(page, 'ListTrails').waitFor();
    },
  },
  {
    name: 'Event history: is opened without the reads of OpenTrail, which a switch shows',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/');
      await page.waitForURL(/q=%28event-source\+%21%3D\+opentrail\.amazonaws\.com\+OR\+read-only\+%21%3D\+true%29/);
      await page.getByRole('navigation', { name: 'Side navigation' }).getByRole('link', { name: 'Event history' }).and(page.locator('[aria-current=page]')).waitFor();
      await cell(page, 'ConsoleLogin').waitFor();
      await cell(page, 'SearchEvents').waitFor({ state: 'detached' });
      await visit.accessible();
      await page.getByRole('checkbox', { name: 'Reads of OpenTrail' }).click();
      await page.waitForURL((url) => !url.searchParams.has('q'));
      await cell(page, 'SearchEvents').waitFor();
      await page.getByRole('checkbox', { name: 'Reads of OpenTrail', checked: true }).click();
      await cell(page, 'SearchEvents').waitFor({ state: 'detached' });
      await visit.picture('history-without-reads');
    },
  },
  {
    name: 'Event history: help, languages, themes and density are at hand',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn();
      await grid(page).focus();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Preferences', exact: true }).first().click();
      await page.getByRole('menuitemcheckbox', { name: '한국어' }).click();
      await page.getByRole('heading', { name: '이벤트 기록' }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
    },
  },
  {
    name: 'Event history: fits a phone',
    size: { width: 380, height: 800 },
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn();
      await grid(page).waitFor();
      await page.waitForLoadState('networkidle');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, 'the page itself does not scroll sideways');
      await visit.accessible();
      await visit.picture('history-phone');
    },
  },
];

async function exported(page, kind) {
  const begun = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: kind }).click();
  return readFileSync(await (await begun).path(), 'utf8');
}
