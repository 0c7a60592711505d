// Holds the bundle's budget: compressed bytes in all, and those that the first page needs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = new URL('./dist/', import.meta.url).pathname;
const TOTAL_BYTES_MAX = 1_500_000;
const FIRST_BYTES_MAX = 600_000;

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const compressed = (file) => (file.endsWith('.woff2') ? readFileSync(file).length : gzipSync(readFileSync(file)).length);
const sizes = files.map((file) => ({ name: file.slice(DIST.length), bytes: compressed(file) }));
const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);

// What index.html names, and what those chunks import at once.
const first = new Set(['index.html']);
for (const name of first) {
  const text = readFileSync(join(DIST, name), 'utf8');
  const pattern = name.endsWith('.html') ? /\/console\/(assets\/[\w.-]+)/g : /(?:from|^import)\s*["']\.\/([\w.-]+\.js)["']/g;
  for (const [, found] of text.matchAll(pattern)) first.add(found.startsWith('assets/') ? found : `assets/${found}`);
}
const total = sum(sizes);
const firstBytes = sum(sizes.filter(({ name }) => first.has(name)));

for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, 12)) {
  console.log(`${String(bytes).padStart(9)}  ${name}${first.has(name) ? '  (first)' : ''}`);
}
console.log(`total ${total} of ${TOTAL_BYTES_MAX} bytes, before any page ${firstBytes} of ${FIRST_BYTES_MAX}`);
if (total > TOTAL_BYTES_MAX || firstBytes > FIRST_BYTES_MAX) {
  console.error('the bundle is over its budget: load what is large by page (`lazy`, `import()`), or leave it out');
  process.exit(1);
}
