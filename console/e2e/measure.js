// How long Event history lets one wait, at a server that runs: `npm run measure -- URL ACCESS_KEY_ID SECRET_ACCESS_KEY`.
// Prints JSON. Milliseconds are the page's own: from navigation, or from a click, to the frame that shows the answer.
import { launch, Visit } from './browser.js';

const RUNS = 7;
const [url, accessKeyId, secretAccessKey] = process.argv.slice(2);
if (!secretAccessKey) throw new Error('usage: npm run measure -- URL ACCESS_KEY_ID SECRET_ACCESS_KEY');

const server = {
  origin: new URL(url).origin,
  key: { access_key_id: accessKeyId, secret_access_key: secretAccessKey },
};
const browser = await launch();
try {
  const visit = await Visit.begin(browser, server);
  await visit.page.addInitScript(watch);
  await visit.signIn();
  const events = await total(visit.page);
  const report = {
    url: server.origin,
    events,
    runs: RUNS,
    open_without_cache: await withoutCache(visit, () => repeat(() => opened(visit))),
    open: await repeat(() => opened(visit)),
    filter: await repeat((run) => filtered(visit, run)),
  };
  console.log(JSON.stringify(report, null, 2));
  await visit.end();
} finally {
  await browser.close();
}

/** How many events the page counts, with `at least` where the server doesn't count to the end. */
async function total(page) {
  await page.waitForFunction(() => window.measured.summary !== undefined);
  const title = await page.getByRole('heading', { level: 1, name: /\d/ }).innerText();
  return title.replace(/^.*\((.*)\).*$/s, '$1');
}

async function withoutCache({ context, page }, measure) {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  const figures = await measure();
  await devtools.detach();
  return figures;
}

/** From navigation to rows, histogram and facets. */
async function opened(visit) {
  await visit.open('/history');
  return settled(visit.page);
}

/** From the click on a frequent event name, another one each time, to what there is of it. */
async function filtered(visit, run) {
  await opened(visit);
  const names = visit.page.locator('.history-facets-wide .facets > div:nth-child(2) .facet-value');
  const count = await names.count();
  if (count < 2) throw new Error('events of one name only: that they are filtered could not be seen');
  await names.nth(run % count).click();
  await visit.page.waitForURL(/q=event-name/);
  return settled(visit.page);
}

async function settled(page) {
  await page.waitForFunction(() => window.measured.rows !== undefined && window.measured.summary !== undefined);
  return page.evaluate(() => window.measured);
}

/** Takes a measure several times; of each figure, the median and the worst. */
async function repeat(measure) {
  const taken = [];
  for (let run = 0; run < RUNS; run += 1) taken.push(await measure(run));
  return Object.fromEntries(['rows', 'summary'].map((name) => [`${name}_ms`, figure(taken.map((times) => times[name]))]));
}

function figure(times) {
  const sorted = times.map(Math.round).toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], worst: sorted.at(-1) };
}

/**
 * Runs in the page: looks at each frame, and notes when rows, and histogram with facets (one answer has both), are first there.
 * A click begins anew: then only rows that weren't there before count, all of the name that was clicked.
 */
function watch() {
  let begun = 0;
  let before = [];
  let wanted;
  window.measured = {};

  const rowsOfAnswer = () => {
    const rows = [...document.querySelectorAll('.events [role=row][aria-selected]')];
    const isOfAnswer = (row) => wanted === undefined || row.querySelector('.is-event-name .events-text').textContent === wanted;
    return rows.length > 0 && before.every((row) => !row.isConnected) && rows.every(isOfAnswer);
  };
  const summaryOfAnswer = () => {
    const names = [...document.querySelectorAll('.history-facets-wide .facets > div:nth-child(2) .facet-name')];
    const isOfAnswer = wanted === undefined ? names.length > 0 : names.length === 1 && names[0].textContent === wanted;
    return isOfAnswer && document.querySelector('.history-histogram:not(.is-stale) .histogram-bar') !== null;
  };
  const look = () => {
    const at = performance.now() - begun;
    if (window.measured.rows === undefined && rowsOfAnswer()) window.measured.rows = at;
    if (window.measured.summary === undefined && summaryOfAnswer()) window.measured.summary = at;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  document.addEventListener('click', ({ target, timeStamp }) => {
    const name = target.closest('.facet-value')?.querySelector('.facet-name');
    if (!name) return;
    begun = timeStamp;
    before = [...document.querySelectorAll('.events [role=row][aria-selected]')];
    wanted = name.textContent;
    window.measured = {};
  }, true);
}
