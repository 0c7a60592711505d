import { expect, test } from 'vitest';

import type { Api } from '../api/client';
import { getStoreInsights, insightsRequest, isComplete } from './insights';

const api = (answer: Promise<unknown>) => ({ cloudtrail: { send: () => answer } }) as unknown as Api;
const read = (answer: Promise<unknown>) => getStoreInsights(api(answer), 'store', new AbortController().signal);
const SELECTORS = [{ InsightType: 'ApiCallRateInsight', EventCategories: ['Management'] }];

test('what is set comes back as it was', async () => {
  const insights = await read(Promise.resolve({ InsightSelectors: SELECTORS, InsightsDestination: 'other' }));
  expect(isComplete(insights)).toBe(true);
  expect(insightsRequest('store', insights)).toEqual({ EventDataStore: 'store', InsightSelectors: SELECTORS, InsightsDestination: 'other' });
});

test('a store without Insights has none, and to have none needs no destination', async () => {
  const none = Object.assign(new Error(), { name: 'InsightNotEnabledException' });
  const insights = await read(Promise.reject(none));
  expect(isComplete(insights)).toBe(true);
  expect(insightsRequest('store', { ...insights, destination: 'other' })).toEqual({ EventDataStore: 'store', InsightSelectors: [] });
  expect(isComplete({ ...insights, keys: new Set(['ApiErrorRateInsight Management']) })).toBe(false);
});

test('another error is one', async () => {
  await expect(read(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
