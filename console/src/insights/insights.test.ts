import { expect, test } from 'vitest';
import { keysOf, selectorsOf } from './insights';

test('a selector without categories is about management events', () => {
  expect(keysOf([{ InsightType: 'ApiCallRateInsight' }])).toEqual(new Set(['ApiCallRateInsight Management']));
});

test('selectors come back as they were', () => {
  const selectors = [
    { InsightType: 'ApiCallRateInsight' as const, EventCategories: ['Management' as const, 'Data' as const] },
    { InsightType: 'ApiErrorRateInsight' as const, EventCategories: ['Data' as const] },
  ];
  expect(selectorsOf(keysOf(selectors))).toEqual(selectors);
  expect(selectorsOf(new Set())).toEqual([]);
});
