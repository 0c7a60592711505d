/** The Insights of an event data store, and the store that they are recorded in. */

import { GetInsightSelectorsCommand, type PutInsightSelectorsRequest } from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import { describeError } from '../api/error';
import { type InsightKey, keysOf, selectorsOf } from '../insights/insights';

export interface StoreInsights {
  readonly keys: ReadonlySet<InsightKey>;
  /** The ARN of a store for Insights events; empty while there is none. */
  readonly destination: string;
}

const NONE: StoreInsights = { keys: new Set(), destination: '' };

/** That a store logs no Insights is told as an error. */
export async function getStoreInsights(api: Api, arn: string, signal: AbortSignal): Promise<StoreInsights> {
  try {
    const answer = await api.cloudtrail.send(new GetInsightSelectorsCommand({ EventDataStore: arn }), { abortSignal: signal });
    return { keys: keysOf(answer.InsightSelectors ?? []), destination: answer.InsightsDestination ?? '' };
  } catch (error) {
    if (describeError(error).code === 'InsightNotEnabledException') return NONE;
    throw error;
  }
}

/** What is watched needs a place to be recorded in. */
export function isComplete({ keys, destination }: StoreInsights): boolean {
  return keys.size === 0 || destination !== '';
}

export function insightsRequest(arn: string, { keys, destination }: StoreInsights): PutInsightSelectorsRequest {
  return {
    EventDataStore: arn,
    InsightSelectors: selectorsOf(keys),
    ...(keys.size > 0 && { InsightsDestination: destination }),
  };
}
