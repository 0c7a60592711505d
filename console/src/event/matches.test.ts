import { expect, test } from 'vitest';

import { countMatches, pieces } from './matches';

test('a text is cut where the word is', () => {
  expect(pieces('Role and role', 'role')).toEqual([
    { text: 'Role', isMatch: true },
    { text: ' and ', isMatch: false },
    { text: 'role', isMatch: true },
  ]);
  expect(pieces('nothing', 'role')).toEqual([{ text: 'nothing', isMatch: false }]);
  expect(pieces('nothing', '')).toEqual([{ text: 'nothing', isMatch: false }]);
});

test('names and values are counted, of lists the values', () => {
  expect(countMatches({ role: 'Role', list: ['role', 1, null], n: true }, 'role')).toBe(3);
  expect(countMatches({ a: [true] }, 'true')).toBe(1);
});
