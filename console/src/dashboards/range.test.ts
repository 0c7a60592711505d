import { expect, test } from 'vitest';
import { rangeValues } from './range';

test('a range ends now, in units that make some dozen points', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  expect(rangeValues('24h', now)).toEqual({
    $StartTime$: '2026-11-21T10:00:00.000Z',
    $EndTime$: '2026-11-22T10:00:00.000Z',
    $Period$: 'hour',
  });
  expect(rangeValues('1h', now)['$Period$']).toBe('minute');
  expect(rangeValues('30d', now)['$Period$']).toBe('day');
});
