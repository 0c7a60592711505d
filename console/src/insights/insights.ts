/** The Insights of a trail or an event data store as pairs of what is watched and in which events. */

import type { InsightSelector, InsightType, SourceEventCategory } from '@aws-sdk/client-cloudtrail';

export const INSIGHT_TYPES = ['ApiCallRateInsight', 'ApiErrorRateInsight'] as const satisfies InsightType[];
export const INSIGHT_CATEGORIES = ['Management', 'Data'] as const satisfies SourceEventCategory[];

export type InsightCategory = (typeof INSIGHT_CATEGORIES)[number];
export type InsightKey = `${(typeof INSIGHT_TYPES)[number]} ${InsightCategory}`;

export const INSIGHT_KEYS: readonly InsightKey[] = INSIGHT_TYPES.flatMap((type) =>
  INSIGHT_CATEGORIES.map((category): InsightKey => `${type} ${category}`),
);

/** A selector without categories is about management events. */
export function keysOf(selectors: readonly InsightSelector[]): ReadonlySet<InsightKey> {
  const keys = selectors.flatMap((selector) =>
    (selector.EventCategories ?? ['Management']).map((category) => `${selector.InsightType ?? ''} ${category}`),
  );
  return new Set(INSIGHT_KEYS.filter((key) => keys.includes(key)));
}

export function selectorsOf(keys: ReadonlySet<InsightKey>): InsightSelector[] {
  return INSIGHT_TYPES.map((type) => ({
    InsightType: type,
    EventCategories: INSIGHT_CATEGORIES.filter((category) => keys.has(`${type} ${category}`)),
  })).filter((selector) => selector.EventCategories.length > 0);
}
