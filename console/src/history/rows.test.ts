import { expect, test } from 'vitest';

import { moved, rowsInSight, scrollToShow } from './rows';

test('of millions of rows, those in sight are drawn', () => {
  expect(rowsInSight(0, 320, 32, 5_000_000)).toEqual({ first: 0, end: 18 });
  expect(rowsInSight(3_200_000, 320, 32, 5_000_000)).toEqual({ first: 99_992, end: 100_018 });
  expect(rowsInSight(1_000, 320, 32, 3)).toEqual({ first: 3, end: 3 });
  expect(rowsInSight(0, 320, 32, 0)).toEqual({ first: 0, end: 0 });
});

test('a row that is in sight stays where it is', () => {
  expect(scrollToShow(2, 0, 320, 32, 32)).toBe(0);
  expect(scrollToShow(20, 0, 320, 32, 32)).toBe(384);
  expect(scrollToShow(2, 384, 320, 32, 32)).toBe(64);
});

test('keys move within the table', () => {
  const from = { row: 5, column: 1 };
  expect(moved(from, 'j', 10, 3, 4)).toEqual({ row: 6, column: 1 });
  expect(moved(from, 'PageDown', 10, 3, 4)).toEqual({ row: 9, column: 1 });
  expect(moved(from, 'PageDown', 7, 3, 4)).toEqual({ row: 6, column: 1 });
  expect(moved({ row: 0, column: 2 }, 'ArrowRight', 10, 3, 4)).toEqual({ row: 0, column: 2 });
  expect(moved(from, 'x', 10, 3, 4)).toBeUndefined();
});
