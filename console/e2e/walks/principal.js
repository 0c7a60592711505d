import { BUCKET, SESSIONS } from '../story.js';

export default [
  {
    name: 'a principal: a session is followed back to its human',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn(`/history?q=event-name+%3D+PutBucketPolicy+AND+resource-name+%3D+${BUCKET}`);
      await page.getByRole('gridcell', { name: 'PutBucketPolicy' }).first().click();
      await page.getByRole('link', { name: 'Deploy/release-42' }).click();
      await page.waitForURL((url) => decodeURIComponent(url.pathname).endsWith(SESSIONS.deploy));
      const chain = page.locator('.chain li');
      await chain.nth(2).waitFor();
      const names = await chain.allInnerTexts();
      assert.match(names[0], /Deploy\/release-42/);
      assert.match(names[1], /Jump\/alice-at-work/);
      assert.match(names[2], /^alice/);
      await visit.pictures('principal', (at) => at.locator('.chain li').nth(2));

      await chain.nth(2).getByRole('link', { name: 'alice' }).first().click();
      await page.waitForURL(/\/principals\/user\/alice$/);
      await page.getByText('Jump/alice-at-work').first().waitFor();
    },
  },
];
