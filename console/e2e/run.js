// Walks through every page of the console of a real server, in a real browser: `npm run e2e [-- PART OF A NAME]`.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { launch, Visit } from './browser.js';
import { Server } from './server.js';
import { story } from './story.js';

const WALKS = new URL('./walks/', import.meta.url);
const SHARED = process.env.OPENTRAIL_SHARED ?? new URL('../../../shared', import.meta.url).pathname;
const REAL = ['invictus.ndjson.gz'].map((name) => join(SHARED, 'data', name));

const wanted = process.argv[2] ?? '';
const walks = [];
for (const file of readdirSync(WALKS).sort()) {
  const { default: list } = await import(new URL(file, WALKS));
  walks.push(...list.filter(({ name }) => name.includes(wanted)));
}

const server = await Server.start();
const browser = await launch();
const failed = [];
let passed = 0;
try {
  await load();
  for (const walk of walks) await take(walk);
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && passed > 0 ? 0 : 1;

async function load() {
  const folder = join(server.folder, 'AWSLogs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'story.json'), JSON.stringify(story(Date.now())));
  await server.import(folder);
  for (const file of REAL) {
    if (existsSync(file)) await server.import(file);
    else console.log(`SKIPPED real records: there is no ${file}`);
  }
}

async function take({ name, size, run }) {
  const begun = Date.now();
  const visit = await Visit.begin(browser, server, size);
  try {
    await run(visit, assert);
    await visit.end();
    passed += 1;
    console.log(`ok   ${name} (${Date.now() - begun} ms)`);
  } catch (error) {
    failed.push(name);
    await visit.picture(`failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => undefined);
    await visit.context.close().catch(() => undefined);
    console.log(`FAIL ${name}\n${String(error.stack).replaceAll(/^/gm, '     ')}`);
    if (visit.complaints.length > 0) console.log(`     complaints: ${visit.complaints.join('\n     ')}`);
  }
}
