import { expect, test } from 'vitest';

import type { Query } from '../filter/query';
import { fromBar, toBar } from './bar';

const QUERY: Query = {
  operation: 'or',
  parts: [
    { attribute: 'username', operator: '!=', value: 'alice' },
    { operator: ':', value: 'prod' },
    { operation: 'and', tokens: [{ attribute: 'region', operator: '^', value: 'us-' }, { attribute: 'error-code', operator: '=', value: '*' }] },
  ],
};

test('a query is the same after it was in the bar', () => {
  expect(fromBar(toBar(QUERY))).toEqual(QUERY);
});

test('what the server does not know is left out, and a group of one is none', () => {
  const bar = {
    operation: 'and',
    tokens: [],
    tokenGroups: [
      { propertyKey: 'colour', operator: '=', value: 'red' },
      { propertyKey: 'username', operator: '<', value: 'a' },
      { propertyKey: 'username', operator: '=', value: '' },
      { operation: 'or', tokens: [{ propertyKey: 'username', operator: '=', value: 'bob' }] },
      { operation: 'or', tokens: [] },
    ],
  } as const;
  expect(fromBar(bar)).toEqual({ operation: 'and', parts: [{ attribute: 'username', operator: '=', value: 'bob' }] });
});
