import { describe, expect, test } from 'vitest';

import { bucketAt, scaleMax, stretch, tickText, timesOf } from './buckets';

const bucket = (Start: string, Count = 0) => ({ Start, Count, Errors: 0 });

test('a place belongs to one bucket, outside of all to the nearest', () => {
  expect([-0.5, 0, 0.49, 0.5, 1, 2].map((share) => bucketAt(share, 2))).toEqual([0, 0, 0, 1, 1, 1]);
});

test('dragging to the left is as good as to the right', () => {
  expect(stretch(5, 2)).toEqual({ from: 2, to: 5 });
});

test('a stretch lasts until its last bucket’s end', () => {
  const summary = {
    StartTime: '', EndTime: '', Total: 0, BucketSeconds: 60, Facets: [], IsExact: true,
    Histogram: [bucket('2026-11-22T10:00:00Z'), bucket('2026-11-22T10:01:00Z')],
  };
  expect(timesOf(summary, { from: 0, to: 1 })).toEqual({ from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:01:59.999Z' });
  expect(timesOf(summary, { from: 0, to: 2 })).toBeUndefined();
});

describe('the scale', () => {
  test.each([[0, 1], [1, 1], [3, 5], [11, 20], [23, 25], [99, 100], [101, 200]])('%i fits below %i', (count, max) => {
    expect(scaleMax([bucket('', count)])).toBe(max);
  });

  test('tells as much of a time as the span needs', () => {
    const at = new Date(2026, 10, 22, 9, 5, 7);
    expect(tickText(at, 60_000)).toBe('09:05:07');
    expect(tickText(at, 3_600_000)).toBe('09:05');
    expect(tickText(at, 2 * 86_400_000)).toBe('11-22 09:05');
    expect(tickText(at, 30 * 86_400_000)).toBe('11-22');
    expect(tickText(at, 400 * 86_400_000)).toBe('2026-11-22');
  });
});
