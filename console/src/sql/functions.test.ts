import { expect, test } from 'vitest';
import { FUNCTIONS } from './functions';

const SOURCES = import.meta.glob<string>('../../../crates/query/src/function/**/*.rs', {
  query: '?raw',
  import: 'default',
  eager: true,
});

test('the server has each function that is offered', () => {
  const server = Object.values(SOURCES).join('\n');
  const missing = FUNCTIONS.filter(({ name }) => !new RegExp(`"${name}\\b`).test(server));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
