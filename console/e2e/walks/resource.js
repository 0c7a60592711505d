import { BUCKET } from '../story.js';

export default [
  {
    name: 'a resource: its life, and what each call changed',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn(`/resources/${BUCKET}`);
      await page.getByText(/changed the policy of bucket/).first().waitFor();
      const diff = page.locator('.diff').first();
      assert.match(await diff.locator('.diff-removed').innerText(), /Principal.*:root/s);
      assert.match(await diff.locator('.diff-added').innerText(), /Principal \*/);
      await visit.pictures('resource', (at) => at.locator('.diff').first());
      await page.locator('.diff').first().scrollIntoViewIfNeeded();
      await visit.picture('resource-diff');
    },
  },
];
