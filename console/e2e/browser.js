// A browser that minds: what the page complains of, or asks for in vain, fails the walk.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';

import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = new URL('../../target/screenshots/', import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const LOOKS = [
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark' },
  { language: 'ko', theme: 'light' },
  { language: 'ko', theme: 'dark' },
];

const SIZES = [
  { suffix: '', width: 1440, height: 900 },
  { suffix: '-phone', width: 390, height: 844 },
];

export async function launch() {
  mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A tab of its own, without cookies or storage of others, at the console of a server. */
export class Visit {
  static async begin(browser, server, { width, height } = SIZES[0]) {
    const visit = new Visit();
    visit.server = server;
    visit.complaints = [];
    visit.context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, locale: 'en-GB', timezoneId: 'UTC' });
    visit.page = await visit.context.newPage();
    visit.page.setDefaultTimeout(60_000);
    visit.#listen();
    return visit;
  }

  #listen() {
    const note = (text) => this.complaints.push(text);
    this.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
    });
    this.page.on('pageerror', (error) => note(`page error: ${error.message}`));
    this.page.on('requestfailed', (request) => {
      // Questions that are called off because a newer one was asked.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') note(`request failed: ${request.url()} ${request.failure()?.errorText}`);
    });
    this.page.on('response', (response) => {
      if (response.status() >= 400) note(`${response.status()} for ${response.request().headers()['x-amz-target'] ?? response.url()}`);
    });
    this.page.on('request', (request) => {
      if (!request.url().startsWith(this.server.origin) && !request.url().startsWith('blob:')) note(`third party: ${request.url()}`);
    });
  }

  /** Complaints that a walk provokes are expected, and forgotten. */
  forgive(pattern) {
    this.complaints = this.complaints.filter((text) => !pattern.test(text));
  }

  async open(path) {
    await this.page.goto(`${this.server.origin}/console${path}`);
  }

  /** Signs in with the root key, so that loading the page anew keeps it. */
  async signIn(path = '/history') {
    await this.open(path);
    await this.page.getByLabel('Access key ID').fill(this.server.key.access_key_id);
    await this.page.getByLabel('Secret access key').fill(this.server.key.secret_access_key);
    await this.page.getByLabel('Stay signed in while this tab is open').check();
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('navigation').first().waitFor();
  }

  /** Pictures in both languages and themes, wide and on a phone; `settled` is what says that the page is all there. */
  async pictures(name, settled) {
    for (const { suffix, width, height } of SIZES) {
      await this.page.setViewportSize({ width, height });
      for (const look of LOOKS) await this.#take(`${name}-${look.language}-${look.theme}${suffix}`, look, settled);
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) this.complaints.push(`${name} scrolls ${wide} pixels sideways at ${width}`);
    }
    await this.page.setViewportSize({ width: SIZES[0].width, height: SIZES[0].height });
    await this.page.evaluate(() => localStorage.removeItem('opentrail.preferences'));
    await this.page.reload();
    await settled(this.page).waitFor();
  }

  async #take(name, { language, theme }, settled) {
    await this.page.evaluate(
      (preferences) => localStorage.setItem('opentrail.preferences', JSON.stringify(preferences)),
      { language, theme, density: 'comfortable' },
    );
    await this.page.reload();
    await settled(this.page).waitFor();
    await this.page.waitForLoadState('networkidle');
    if (language === 'en') await this.accessible();
    await this.picture(name);
  }

  async picture(name) {
    await this.page.screenshot({ path: `${SHOTS}${name}.png` });
  }

  /** axe finds no serious fault. */
  async accessible() {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      this.complaints.push(`axe ${impact}: ${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
    }
  }

  async end() {
    await this.context.close();
    if (this.complaints.length > 0) throw new Error(`the page complained:\n  ${[...new Set(this.complaints)].join('\n  ')}`);
  }
}
