import { expect, test } from 'vitest';
import table from '../../../crates/lake/src/format/columns/table.rs?raw';
import { columnsOf } from './columns';

test("the columns of events are the server's", () => {
  const names = /const COLUMNS: &\[Column\] = &\[(.*?)\n\];/s.exec(table)?.[1] ?? '';
  const server = [...names.matchAll(/(?:text|map|object)\("(\w+)"|name: "(\w+)"/g)].map((it) => it[1] ?? it[2] ?? '');
  const ours = columnsOf('Management').map((column) => column.name);
  expect(server.length).toBeGreaterThan(25);
  expect(ours).toEqual(expect.arrayContaining(server));
});
