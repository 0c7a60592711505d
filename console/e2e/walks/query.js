import { readFileSync } from 'node:fs';

import { storeOfStory } from '../lake.js';

const editor = (page) => page.getByRole('textbox', { name: 'SQL statement' });
const write = async (page, statement) => {
  await editor(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(statement);
};

/** Goes to the query page as one does from a store. */
const openStore = async (visit) => {
  const store = await storeOfStory(visit.server);
  await visit.signIn(`/lake/stores/${store}`);
  await visit.page.getByRole('main').getByRole('link', { name: 'Query', exact: true }).click();
  await editor(visit.page).getByText('LIMIT').waitFor();
  return store;
};

export default [
  {
    name: 'Query: an error is marked at its place, and the statement runs once it is right',
    async run(visit, assert) {
      const { page } = visit;
      const store = await openStore(visit);
      await write(page, `SELECT eventName,\n  nosuch\nFROM ${store}`);
      await page.keyboard.press('Control+Enter');
      await page.getByText('Line 2, column 3').waitFor();
      visit.forgive(/400/);
      assert.equal(await page.locator('.cm-lintRange-error').innerText(), 'nosuch');
      await visit.picture('query-error');

      await write(page, `select eventName, count(*) as calls from ${store} group by 1 order by calls desc limit 5`);
      await page.getByText('Line 2, column 3').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Format' }).click();
      await editor(page).getByText('GROUP BY').waitFor();
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('columnheader', { name: 'calls' }).waitFor();
      await page.getByText('Finished').first().waitFor();
      assert.equal(await page.getByRole('table', { name: 'Results' }).locator('tbody tr').count(), 5);

      await page.getByRole('button', { name: 'Chart' }).click();
      await page.getByRole('application').first().waitFor();
      await page.reload();
      await page.getByRole('application').first().waitFor();
      const begun = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download' }).click();
      await page.getByRole('menuitem', { name: 'Download CSV' }).click();
      const csv = readFileSync(await (await begun).path(), 'utf8');
      assert.match(csv, /^eventName,calls\r\n/);
      assert.equal(csv.trim().split('\r\n').length, 6);
      await visit.pictures('query-chart', (at) => at.getByRole('application').first());
    },
  },
  {
    name: 'Query: a query goes to a new dashboard, and to one that is there',
    async run(visit) {
      const { page } = visit;
      const store = await openStore(visit);
      await write(page, `SELECT replace(eventSource, '.amazonaws.com') AS service, count(*) AS calls FROM ${store} GROUP BY 1 ORDER BY calls DESC LIMIT 5`);
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('columnheader', { name: 'calls' }).waitFor();
      await page.getByRole('button', { name: 'Chart' }).click();
      await page.getByRole('application').first().waitFor();
      for (const [title, dashboard] of [['Calls of mine', 'A new dashboard'], ['Mine again', 'walk-of-query']]) {
        await page.getByRole('button', { name: 'Add to a dashboard' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: `Dashboard ${dashboard}` }).waitFor();
        if (dashboard === 'A new dashboard') await dialog.getByLabel('Name').fill('walk-of-query');
        await dialog.getByRole('button', { name: 'Pie', pressed: true }).waitFor();
        await dialog.getByLabel('Title').fill(title);
        await visit.accessible();
        await visit.picture('query-to-dashboard');
        await dialog.getByRole('button', { name: 'Add', exact: true }).click();
        await page.getByText(`${title} was added to the dashboard`).waitFor();
      }
      await page.getByRole('link', { name: 'walk-of-query' }).first().click();
      await page.getByRole('heading', { name: 'Mine again' }).waitFor();
      await page.getByRole('application').nth(1).waitFor();
    },
  },
  {
    name: 'Query: columns are completed, and members of structs',
    async run(visit) {
      const { page } = visit;
      await openStore(visit);
      await write(page, 'SELECT errorM');
      await page.keyboard.press('Control+Space');
      await page.getByRole('option', { name: /errorMessage/ }).click();
      await editor(page).getByText('errorMessage').waitFor();
      await page.keyboard.type(', userIdentity.sessionContext.');
      await page.getByRole('option', { name: /sessionIssuer/ }).waitFor();
      await visit.picture('query-completion');
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: 'Store' }).focus();
    },
  },
  {
    name: 'Query: samples, saved statements and the history are at hand',
    async run(visit) {
      const { page } = visit;
      const store = await openStore(visit);
      await page.getByRole('tab', { name: 'Samples' }).click();
      await page.getByLabel('What do you want to know?').fill('who deleted');
      await page.getByRole('button', { name: /^Use / }).first().click();
      await editor(page).getByText(store).waitFor();
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText('Finished').first().waitFor();
      await page.getByRole('tab', { name: 'Saved' }).click();
      await page.getByLabel('Save the statement').fill('deletions');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('button', { name: 'deletions', exact: true }).waitFor();
      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByText('All of this store, last seven days').waitFor();
      await page.getByRole('button', { name: /^Open query/ }).last().click();
      await page.getByText('Finished').first().waitFor();
      await visit.pictures('query', (at) => at.getByText(/^(Finished|완료)$/).first());
    },
  },
  {
    name: 'Query: fits a phone',
    size: { width: 380, height: 800 },
    async run(visit, assert) {
      const { page } = visit;
      await storeOfStory(visit.server);
      await visit.signIn('/query');
      await editor(page).getByText('LIMIT').waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, 'the page itself does not scroll sideways');
      await visit.accessible();
      await visit.picture('query-phone');
    },
  },
];
