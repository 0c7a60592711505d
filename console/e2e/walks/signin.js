const heading = (page) => page.getByRole('heading', { name: /Sign in|로그인/ }).first();

export default [
  {
    name: 'sign-in: a wrong key is refused, a right one leads to the page that was asked for',
    async run(visit, assert) {
      const { page, server } = visit;
      await visit.open('/history?q=event-name+%3D+CreateBucket');
      await visit.pictures('signin', heading);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Required').first().waitFor();
      await page.getByLabel('Access key ID').fill(server.key.access_key_id);
      await page.getByLabel('Secret access key').fill('not-the-secret');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The server did not accept this').waitFor();
      visit.forgive(/40[03]|status of 40/);
      await page.getByLabel('Secret access key').fill(` ${server.key.secret_access_key} `);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('gridcell', { name: 'CreateBucket' }).first().waitFor();
      assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'the key stays in memory');
      await page.reload();
      await heading(page).waitFor();
    },
  },
  {
    name: 'sign-in: who chose to stay signed in is, until signing out; the sign-in is on record',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/history?q=event-name+%3D+ConsoleLogin');
      await page.getByRole('gridcell', { name: 'ConsoleLogin' }).first().waitFor();
      await page.reload();
      await page.getByRole('gridcell', { name: 'ConsoleLogin' }).first().click();
      await page.getByText(/signed in to the console/).first().waitFor();
      await page.getByRole('button', { name: 'root', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await heading(page).waitFor();
    },
  },
];
