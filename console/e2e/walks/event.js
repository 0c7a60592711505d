const OPEN = '/history?q=event-name+%3D+CreateAccessKey+AND+username+%3D+alice';
const sentence = (page) => page.getByText(/created access key|액세스 키.*생성했습니다/).first();

export default [
  {
    name: 'an event: opened from the table, read as a sentence, fields, record and neighbours',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn(OPEN);
      await page.getByRole('gridcell', { name: 'CreateAccessKey' }).first().click();
      const shown = page.getByText(/alice created access key AKIAIOSFODNN7CAROL01 for carol from 203\.0\.113\.77\./);
      await shown.waitFor();
      await visit.pictures('event-panel', sentence);
      await page.getByRole('link', { name: 'Open as a page' }).click();
      await page.waitForURL(/\/events\//);
      await shown.waitFor();
      await visit.pictures('event', sentence);

      await page.getByRole('tab', { name: 'Record' }).click();
      await page.getByRole('searchbox', { name: 'Search in the record' }).fill('carol');
      await page.getByText('3 matches').waitFor();
      assert.equal(await page.locator('mark').count(), 3);
      await visit.accessible();
      await visit.picture('event-record');

      await page.getByRole('tab', { name: 'Around it' }).click();
      await page.getByText(/assumed role/).first().waitFor();
      await page.getByRole('button', { name: 'address' }).click();
      await page.getByText(/set bucket policy|changed the policy of bucket/).first().waitFor();
      await visit.accessible();
      await visit.picture('event-around');
    },
  },
  {
    name: 'an event: one that is not there says so',
    async run(visit) {
      await visit.signIn('/events/00000000-0000-4000-8000-000000000000');
      await visit.page.getByText('There is no such event').waitFor();
    },
  },
];
