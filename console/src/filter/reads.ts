import type { TrailRecord } from '../records/record';
import { type Group, isSamePart, narrowedByGroup, type Query, without } from './query';

/**
 * Whoever looks at events here is recorded: each look at Event history is two calls of OpenTrail's own API. They would soon be
 * most of what one sees, so that the console's links to Event history leave them out, in the query, for all to see.
 */
const SOURCE = 'opentrail.amazonaws.com';

const NO_READS: Group = {
  operation: 'or',
  tokens: [
    { attribute: 'event-source', operator: '!=', value: SOURCE },
    { attribute: 'read-only', operator: '!=', value: 'true' },
  ],
};

/** What Event history shows when nobody asked for something else. */
export const WITHOUT_READS: Query = { operation: 'and', parts: [NO_READS] };

/** Whether an event is such a call. */
export function isRead({ eventSource, readOnly }: TrailRecord): boolean {
  return eventSource === SOURCE && readOnly === true;
}

export function hasReads(query: Query): boolean {
  const isAll = query.operation === 'and' || query.parts.length === 1;
  return !isAll || !query.parts.some((part) => isSamePart(part, NO_READS));
}

/** The query without those calls; nothing if the query bar could not show it. */
export function withoutReads(query: Query): Query | undefined {
  return narrowedByGroup(query, NO_READS);
}

export function withReads(query: Query): Query {
  return without(query, NO_READS);
}
