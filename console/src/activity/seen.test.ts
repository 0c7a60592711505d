import { expect, test } from 'vitest';

import type { OpenTrail } from '../api/opentrail';
import type { Asked } from '../search/question';
import { firstSeen } from './seen';

const BEGIN = Date.UTC(2026, 8, 1);
const END = Date.UTC(2026, 10, 30);

/** A server that has one event, and counts in as many buckets as it is asked for. */
function having(at: number | undefined): OpenTrail {
  const call = (_: string, { StartTime, EndTime, Buckets = 60 }: Asked & { Buckets?: number }) => {
    const [from, to] = [StartTime ? Date.parse(StartTime) : BEGIN, EndTime ? Date.parse(EndTime) : END];
    const BucketSeconds = Math.max(1, Math.ceil((to - from) / 1000 / Buckets));
    const Histogram = Array.from({ length: Buckets }, (_, index) => {
      const start = from + index * BucketSeconds * 1000;
      const isIn = at !== undefined && at >= start && at < start + BucketSeconds * 1000;
      return { Start: new Date(start).toISOString(), Count: isIn ? 1 : 0, Errors: 0 };
    });
    return Promise.resolve({ BucketSeconds, Histogram });
  };
  return { call } as unknown as OpenTrail;
}

test('the oldest event is found to the second', async () => {
  const at = Date.UTC(2026, 9, 17, 4, 33, 21, 500);
  const found = await firstSeen(having(at), { Categories: ['all'] });
  expect(Math.abs(Date.parse(found ?? '') - at)).toBeLessThan(1_000);
});

test('who was never seen has no first time', async () => {
  expect(await firstSeen(having(undefined), { Categories: ['all'] })).toBeUndefined();
});
