import { expect, test } from 'vitest';

import { fromBar, toBar } from '../history/bar';
import { parseQuery, printQuery } from './expression';
import { EVERYTHING, type Query } from './query';
import { hasReads, isRead, WITHOUT_READS, withoutReads, withReads } from './reads';

const parsed = (text: string): Query => parseQuery(text) ?? EVERYTHING;
const NO_READS = '(event-source != opentrail.amazonaws.com OR read-only != true)';

test.each([
  ['', NO_READS],
  ['username = bob AND error-code = *', `username = bob AND error-code = * AND ${NO_READS}`],
  ['username = bob OR username = alice', `(username = bob OR username = alice) AND ${NO_READS}`],
])('reads are left out of %o and come back', (text, without) => {
  const query = withoutReads(parsed(text)) ?? EVERYTHING;
  expect(printQuery(query)).toBe(without);
  expect(hasReads(query)).toBe(false);
  expect(printQuery(withReads(query))).toBe(text.includes('OR') ? `(${text})` : text);
});

test('the query that leaves reads out is known again in a link and in the query bar', () => {
  expect(hasReads(parsed(printQuery(WITHOUT_READS)))).toBe(false);
  expect(hasReads(fromBar(toBar(WITHOUT_READS)))).toBe(false);
});

test('an alternative to it has reads, and one with groups can leave none out', () => {
  expect(hasReads(parsed(`username = bob OR ${NO_READS}`))).toBe(true);
  expect(withoutReads(parsed('username = bob OR (username = alice AND error-code = *)'))).toBeUndefined();
});

test('a change made here, or a read elsewhere, is no read here', () => {
  expect(isRead({ eventSource: 'opentrail.amazonaws.com', eventName: 'SearchEvents', readOnly: true })).toBe(true);
  expect(isRead({ eventSource: 'opentrail.amazonaws.com', eventName: 'CreateKey', readOnly: false })).toBe(false);
  expect(isRead({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'LookupEvents', readOnly: true })).toBe(false);
});
