import { expect, test } from 'vitest';

import type { Api } from '../api/client';
import { type Enrichment, enrichmentRequest, getEnrichment, isFitting } from './enrichment';

const KEYS: Enrichment = { isLarge: true, tagKeys: ' team \n\ncost center\nteam', requestKeys: ['aws:PrincipalType'] };

test('what is set comes back as it was', async () => {
  const { EventDataStore, ...configuration } = enrichmentRequest('store', KEYS);
  expect(EventDataStore).toBe('store');
  expect(configuration).toEqual({
    MaxEventSize: 'Large',
    ContextKeySelectors: [
      { Type: 'TagContext', Equals: ['team', 'cost center'] },
      { Type: 'RequestContext', Equals: ['aws:PrincipalType'] },
    ],
  });
  const api = { cloudtrail: { send: () => Promise.resolve(configuration) } } as unknown as Api;
  const read = await getEnrichment(api, 'store', new AbortController().signal);
  expect(read).toEqual({ ...KEYS, tagKeys: 'team\ncost center' });
});

test('small records have no keys, and no keys are no selector', () => {
  expect(enrichmentRequest('store', { ...KEYS, isLarge: false })).toMatchObject({ MaxEventSize: 'Standard', ContextKeySelectors: [] });
  expect(enrichmentRequest('store', { isLarge: true, tagKeys: '', requestKeys: [] }).ContextKeySelectors).toEqual([]);
});

test('as many keys as the service takes, as long as it takes them', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `key-${String(at)}`).join('\n');
  expect(isFitting({ ...KEYS, tagKeys: many(50) })).toBe(true);
  expect(isFitting({ ...KEYS, tagKeys: many(51) })).toBe(false);
  expect(isFitting({ ...KEYS, tagKeys: 'k'.repeat(129) })).toBe(false);
});
