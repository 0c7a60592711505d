import { makeBucket } from '../bucket.js';

const BUCKET = 'walk-of-trails';

export default [
  {
    name: 'trails: one is made with advanced selectors, delivers, and is verified',
    async run(visit, assert) {
      const { page, server } = visit;
      await makeBucket(server, BUCKET);
      await visit.signIn('/trails');
      await page.getByRole('link', { name: 'Create trail' }).first().click();
      await page.getByRole('button', { name: 'Create trail' }).click();
      await page.getByText('Not a name that a trail can have.').waitFor();
      await page.getByLabel('Name', { exact: true }).fill('walk');
      await page.getByLabel('Bucket', { exact: true }).fill(BUCKET);
      await page.getByRole('radio', { name: /Advanced/ }).check();
      const preview = page.getByTestId('selector-preview');
      await preview.getByText(/Would have matched/).waitFor();
      const all = await preview.innerText();
      await page.getByRole('button', { name: 'Begin with' }).click();
      await page.getByRole('menuitem', { name: 'Writes only' }).click();
      await page.waitForFunction(
        (before) => {
          const text = document.querySelector('[data-testid=selector-preview]').innerText;
          return /Would have matched/.test(text) && text !== before;
        },
        all,
      );
      await page.getByRole('button', { name: 'Create trail' }).click();
      await page.getByText('Trail walk was created and logs.').waitFor();
      await page.waitForURL(/\/trails\/us-east-1\/walk$/);
      await page.getByText('Logging', { exact: true }).waitFor();

      await delivered(page);
      await page.getByRole('tab', { name: 'Verification' }).click();
      await page.getByRole('button', { name: 'Verify', exact: true }).click();
      await page.getByText(/Verified: [1-9]/).waitFor();
      const hours = page.getByRole('grid', { name: 'Hours by day (UTC)' });
      assert.equal(await hours.locator('.hour-broken').count(), 0);
      const verified = hours.locator('.hour-verified').last();
      await verified.focus();
      await page.getByText(/UTC: Verified/).waitFor();
      await page.keyboard.press('ArrowLeft');
      await visit.accessible();
      await visit.picture('trail-verified');
    },
  },
  {
    name: 'trails: those of other Regions are listed, and changed where they are at home',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/trails');
      await page.getByRole('link', { name: 'walk', exact: true }).waitFor();
      await inRegion(page, 'us-east-1', 'eu-west-1');
      await page.getByRole('link', { name: 'Create trail' }).first().click();
      await page.getByLabel('Name', { exact: true }).fill('far');
      await page.getByLabel('Bucket', { exact: true }).fill(BUCKET);
      await page.getByText('Log events of all Regions').click();
      await page.getByRole('button', { name: 'Create trail' }).click();
      await page.getByText('Trail far was created and logs.').waitFor();

      await inRegion(page, 'eu-west-1', 'us-east-1');
      await page.getByRole('navigation', { name: 'Side navigation' }).getByRole('link', { name: 'Trails' }).click();
      await page.getByRole('row', { name: /^walk/ }).getByText('us-east-1').waitFor();
      await page.getByRole('row', { name: /^far/ }).getByText('eu-west-1').first().waitFor();
      await page.getByRole('link', { name: 'far', exact: true }).click();
      await page.getByRole('button', { name: 'Stop logging' }).click();
      await page.getByRole('button', { name: 'Start logging' }).waitFor();
      await page.getByRole('link', { name: 'Edit' }).first().click();
      await page.getByText('Log events of all Regions').click();
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('Trail far was changed.').waitFor();
      await page.getByText('All Regions', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByLabel('Name to confirm with').fill('far');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Trail far was deleted.').waitFor();
    },
  },
  {
    name: 'trails: pictures of the list and of a trail',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/trails');
      await visit.pictures('trails', (at) => at.getByRole('link', { name: 'walk', exact: true }));
      await page.getByRole('link', { name: 'walk', exact: true }).click();
      await visit.pictures('trail', (at) => at.getByText(`:trail/walk`).first());
      await page.goto(`${page.url()}/edit`);
      await visit.pictures('trail-edit', (at) => at.getByTestId('selector-preview').getByText(/matched|일치/));
    },
  },
  {
    name: 'trails: settings are changed, logging is stopped and started, the trail is deleted',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/trails/us-east-1/walk');
      await page.getByRole('link', { name: 'Edit' }).first().click();
      await page.getByText('Log events of all Regions').click();
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('Trail walk was changed.').waitFor();
      await page.getByText('Home Region only').waitFor();
      await page.getByRole('tab', { name: 'Events' }).click();
      await page.getByText('readOnly').waitFor();
      await page.getByRole('tab', { name: 'Tags' }).click();
      await page.getByRole('button', { name: 'Add tag' }).click();
      await page.getByRole('textbox', { name: 'Key' }).fill('team');
      await page.getByRole('textbox', { name: 'Value' }).fill('audit');
      await page.getByRole('button', { name: 'Save tags' }).click();
      await page.getByText('The tags were saved.').waitFor();

      await page.getByRole('button', { name: 'Stop logging' }).click();
      await page.getByRole('button', { name: 'Start logging' }).click();
      await page.getByRole('button', { name: 'Stop logging' }).waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
      assert.ok(await confirm.isDisabled());
      await page.getByLabel('Name to confirm with').fill('walk');
      await confirm.click();
      await page.getByText('Trail walk was deleted.').waitFor();
      await page.waitForURL(/\/trails$/);
    },
  },
  {
    name: 'trails: fit a phone',
    size: { width: 380, height: 800 },
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/trails/create');
      await page.getByTestId('selector-preview').getByText(/Would have matched/).waitFor();
      assert.equal(await sideways(page), 0, 'the page itself does not scroll sideways');
      await visit.accessible();
      await visit.picture('trail-create-phone');
    },
  },
];

async function inRegion(page, from, to) {
  await page.getByRole('button', { name: `Region: ${from}` }).click();
  await page.getByRole('menuitemcheckbox', { name: to }).click();
  await page.getByRole('button', { name: `Region: ${to}` }).waitFor();
}

/** Waits until log files and a digest have come: both are asked for as somebody would, by the button. */
async function delivered(page) {
  const pending = page.getByText('Never', { exact: true });
  while ((await pending.count()) > 0) {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.waitForLoadState('networkidle');
  }
}

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
