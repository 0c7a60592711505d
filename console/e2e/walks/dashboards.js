import { storeOfStory } from '../lake.js';

export default [
  {
    name: 'dashboards: one is made, a widget moved, saved and refreshed',
    async run(visit, assert) {
      const { page } = visit;
      await storeOfStory(visit.server);
      await visit.signIn('/dashboards');
      await page.getByRole('button', { name: 'Create dashboard' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('walk-board');
      await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
      await page.getByText('Dashboard walk-board was created.').waitFor();
      for (const [title, view] of [['Calls by service', 'Bars'], ['Share of services', 'Pie']]) {
        await page.getByRole('button', { name: 'Add widget' }).click();
        await page.getByLabel('Title').fill(title);
        await page.getByRole('dialog').getByRole('button', { name: view }).click();
        await page.getByRole('button', { name: 'Apply' }).click();
        await page.getByRole('heading', { name: title }).waitFor();
      }
      await page.getByRole('button', { name: 'Move Share of services', exact: true }).focus();
      for (const key of ['Enter', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
      await visit.accessible();
      await visit.picture('dashboard-edit');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('The dashboard was saved.').waitFor();
      await page.getByRole('application').nth(1).waitFor();
      const titles = await page.getByRole('heading', { level: 2 }).allInnerTexts();
      assert.deepEqual(titles.slice(-2), ['Share of services', 'Calls by service']);
      await visit.pictures('dashboard', (at) => at.getByRole('application').nth(1));
    },
  },
  {
    name: 'dashboards: a schedule gets its rights; protection holds off deletion',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/dashboards/walk-board');
      await page.getByRole('application').nth(1).waitFor();
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Schedule' }).click();
      await page.getByText('Refresh by itself').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByText('The schedule was saved.').waitFor();
      // That there was no policy before is told as an error.
      visit.forgive(/GetResourcePolicy|status of 400/);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByLabel('Name to confirm with').fill('walk-board');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Dashboard walk-board was deleted.').waitFor();
    },
  },
  {
    name: 'dashboards: managed ones are asked of a store',
    async run(visit) {
      const { page } = visit;
      await storeOfStory(visit.server);
      await visit.signIn('/dashboards');
      await visit.pictures('dashboards', (at) => at.getByRole('link', { name: 'AWSCloudTrail-Overview' }));
      await page.getByRole('link', { name: 'AWSCloudTrail-Overview' }).click();
      await page.getByRole('application').first().waitFor();
      await page.getByRole('button', { name: 'Last 7 days' }).click();
      await page.waitForURL(/range=7d/);
      await page.getByRole('application').nth(2).waitFor();
      await visit.pictures('dashboard-managed', (at) => at.getByRole('application').nth(2));
    },
  },
];
