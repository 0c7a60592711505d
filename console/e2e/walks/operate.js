export default [
  {
    name: 'health: ages, storage and quarantine',
    async run(visit) {
      const { page } = visit;
      await visit.signIn('/health');
      await page.getByRole('rowheader', { name: 'Journal' }).waitFor();
      await page.getByText('Event history', { exact: true }).first().waitFor();
      await visit.pictures('health', (at) => at.getByRole('rowheader', { name: /Journal|저널/ }));
    },
  },
  {
    name: 'settings: a key is made, shown once, and deleted; the looks are chosen',
    async run(visit, assert) {
      const { page } = visit;
      await visit.signIn('/settings');
      await page.getByText('yours').waitFor();
      await visit.pictures('settings', (at) => at.getByText(/^(yours|현재 사용 중)$/));
      await page.getByRole('button', { name: 'Create key' }).click();
      await page.getByLabel('User name').fill('walker');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.getByText('The secret is shown now and never again.').waitFor();
      const made = await page.getByRole('dialog').innerText();
      const secret = /Secret access key\s+(\S+)/.exec(made)[1];
      assert.equal(secret.length, 40);
      await page.getByRole('button', { name: 'I have kept it' }).click();
      const row = page.getByRole('row', { name: /user\/walker/ });
      await row.waitFor();
      assert.ok(!(await page.content()).includes(secret), 'the secret is nowhere any more');
      const id = /AKIA\w+/.exec(await row.innerText())[0];
      await row.getByRole('button', { name: `Delete ${id}` }).click();
      await page.getByLabel('Name to confirm with').fill(id);
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText(`Key ${id} was deleted.`).waitFor();
      await page.getByRole('radio', { name: 'Dark' }).check();
      await page.locator('body.awsui-dark-mode').waitFor();
      await page.getByRole('radio', { name: '한국어' }).check();
      await page.getByRole('heading', { name: '설정', exact: true }).waitFor();
      await page.getByRole('radio', { name: '촘촘하게' }).check();
    },
  },
];
