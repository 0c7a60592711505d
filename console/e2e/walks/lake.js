import { makeBucket } from '../bucket.js';
import { putStory } from '../lake.js';

const BUCKET = 'walk-of-imports';

export default [
  {
    name: 'Lake: a store is made, files are imported into it, with their progress',
    async run(visit) {
      const { page, server } = visit;
      await makeBucket(server, BUCKET);
      const uri = await putStory(server, BUCKET);
      await putStory(server, BUCKET, 'fedcba9876543210', 'no gzip');

      await visit.signIn('/lake');
      await page.getByRole('link', { name: 'Create event data store' }).click();
      await page.getByLabel('Name', { exact: true }).first().fill('walk-store');
      await page.getByLabel('Days that events are kept').fill('30');
      await page.getByText('Termination protection').click();
      await page.getByTestId('selector-preview').getByText(/Would have matched/).waitFor();
      await page.getByRole('button', { name: 'Create event data store' }).click();
      await page.getByText('Event data store walk-store was created.').waitFor();
      await page.getByText('Ingesting').waitFor();
      await page.getByText('30 days').waitFor();

      await visit.open('/lake/imports/create');
      await page.getByLabel('Address of the log files').fill(uri);
      await page.getByRole('button', { name: /^Into/ }).click();
      await page.getByRole('option', { name: /walk-store/ }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Import log files' }).click();
      await page.getByText('The import has begun.').waitFor();
      await page.getByText('Completed with failures').waitFor();
      await page.getByText('InvalidFormat').waitFor();
      await visit.pictures('import', (at) => at.getByText('InvalidFormat'));
    },
  },
  {
    name: 'Lake: events of a store are enriched, and watched for Insights',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/lake/stores/create');
      await page.getByLabel('Name', { exact: true }).first().fill('walk-insights');
      await page.getByRole('button', { name: /^Holds/ }).click();
      await page.getByRole('option', { name: 'Insights events' }).click();
      await page.getByText('Termination protection').click();
      await page.getByRole('button', { name: 'Create event data store' }).click();
      await page.getByText('Event data store walk-insights was created.').waitFor();

      await visit.open('/lake');
      await page.getByRole('link', { name: 'walk-store' }).click();
      await page.getByRole('tab', { name: 'Events' }).click();
      await page.getByRole('button', { name: '1 MB' }).click();
      await page.getByLabel('Keys of tags').fill('team\ncost-center');
      await page.getByRole('button', { name: 'Keys of the request' }).click();
      await page.getByRole('option', { name: 'aws:PrincipalType' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Save changes' }).first().click();
      await page.getByText('The settings of enriched events were saved.').waitFor();

      await page.getByText('Rate of calls: management events').click();
      await page.getByRole('button', { name: /^Recorded in/ }).click();
      await page.getByRole('option', { name: /walk-insights/ }).click();
      await page.getByRole('button', { name: 'Save changes' }).last().click();
      await page.getByText('The Insights were changed.').waitFor();
      await page.reload();
      await page.getByRole('checkbox', { name: 'Rate of calls: management events', checked: true }).waitFor();
      await page.getByText('aws:PrincipalType').first().waitFor();
      // That there were no Insights before is told as an error.
      visit.forgive(/GetInsightSelectors|status of 400/);
      await visit.pictures('store-events', (at) => at.getByText('aws:PrincipalType').first());
    },
  },
  {
    name: 'Lake: pictures of the stores and of one',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/lake');
      await visit.pictures('lake', (at) => at.getByRole('link', { name: 'walk-store' }));
      await page.getByRole('link', { name: 'walk-store' }).click();
      await visit.pictures('store', (at) => at.getByText(':eventdatastore/').first());
    },
  },
  {
    name: 'Lake: ingestion stops and starts, federation goes on and off, a channel comes and goes',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/lake');
      await page.getByRole('link', { name: 'walk-store' }).click();
      await page.getByRole('button', { name: 'Stop ingestion' }).click();
      await page.getByRole('button', { name: 'Start ingestion' }).click();
      await page.getByText('Ingesting').waitFor();
      await page.getByRole('button', { name: 'Enable' }).click();
      await page.getByRole('button', { name: 'Disable' }).click();
      await page.getByText('Disabled').waitFor();

      await visit.open('/lake/stores/create');
      await page.getByLabel('Name', { exact: true }).first().fill('walk-outside');
      await page.getByRole('button', { name: /^Holds/ }).click();
      await page.getByRole('option', { name: 'Events from outside of AWS' }).click();
      await page.getByText('Termination protection').click();
      await page.getByRole('button', { name: 'Create event data store' }).click();
      await page.getByText('Event data store walk-outside was created.').waitFor();
      await visit.open('/lake/channels/create');
      await page.getByLabel('Name', { exact: true }).fill('walk-channel');
      await page.getByRole('button', { name: /^Into/ }).click();
      await page.getByRole('option', { name: /walk-outside/ }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Create channel' }).click();
      await page.getByText('Channel walk-channel was created.').waitFor();
      await page.getByText(':channel/').first().waitFor();
      await visit.accessible();
      await visit.picture('channel');
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByLabel('Name to confirm with').fill('walk-channel');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Channel walk-channel was deleted.').waitFor();
    },
  },
  {
    name: 'Lake: a store is deleted and comes back',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/lake');
      await page.getByRole('link', { name: 'walk-outside' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByLabel('Name to confirm with').fill('walk-outside');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('To be deleted').waitFor();
      await page.getByRole('button', { name: 'Restore' }).click();
      await page.getByText('Ingesting').waitFor();
    },
  },
];
