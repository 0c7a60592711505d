import { describe, expect, test } from 'vitest';

import { parseQuery, printQuery, whereOf } from './expression';
import type { Query } from './query';

const nameIs = { attribute: 'event-name', operator: '=', value: 'PutObject' } as const;
const notAlice = { attribute: 'username', operator: '!=', value: 'alice' } as const;
const inUs = { attribute: 'region', operator: '^', value: 'us-' } as const;
const notByDeploy = { attribute: 'user-arn', operator: '!:', value: ':assumed-role/Deploy/' } as const;

const CASES: [string, Query][] = [
  ['', { operation: 'and', parts: [] }],
  ['event-name = PutObject', { operation: 'and', parts: [nameIs] }],
  ['event-name = PutObject AND username != alice', { operation: 'and', parts: [nameIs, notAlice] }],
  ['event-name = PutObject OR region ^= us-', { operation: 'or', parts: [nameIs, inUs] }],
  [
    '(event-name = PutObject OR region ^= us-) AND NOT user-arn *= :assumed-role/Deploy/',
    { operation: 'and', parts: [{ operation: 'or', tokens: [nameIs, inUs] }, notByDeploy] },
  ],
  ['error-code = *', { operation: 'and', parts: [{ attribute: 'error-code', operator: '=', value: '*' }] }],
  ['error-code != *', { operation: 'and', parts: [{ attribute: 'error-code', operator: '!=', value: '*' }] }],
  ['text *= "two words"', { operation: 'and', parts: [{ operator: ':', value: 'two words' }] }],
  [
    'username = "a \\"b\\" \\\\ c"',
    { operation: 'and', parts: [{ attribute: 'username', operator: '=', value: 'a "b" \\ c' }] },
  ],
  ['username = "(or)"', { operation: 'and', parts: [{ attribute: 'username', operator: '=', value: '(or)' }] }],
];

describe('the text of a query', () => {
  test.each(CASES)('%s is printed', (text, query) => {
    expect(printQuery(query)).toBe(text);
  });

  test.each(CASES)('%s is read', (text, query) => {
    expect(parseQuery(text)).toEqual(query);
  });

  test.each([
    'event-name',
    'event-name =',
    'event-name = a AND',
    'event-name = a AND username = b OR region = c',
    '(event-name = a',
    '((event-name = a))',
    'colour = red',
    'username = "open',
    'event-name = a b',
  ])('%s cannot be shown', (text) => {
    expect(parseQuery(text)).toBeUndefined();
  });

  test('words may be written in small letters', () => {
    expect(parseQuery("not username ^= 'a' and region = b")).toEqual({
      operation: 'and',
      parts: [
        { attribute: 'username', operator: '!^', value: 'a' },
        { attribute: 'region', operator: '=', value: 'b' },
      ],
    });
  });
});

describe('what the server is asked', () => {
  test('everything is no condition', () => {
    expect(whereOf({ operation: 'and', parts: [] })).toBeUndefined();
  });

  test('comparisons are as in the URL', () => {
    expect(whereOf({ operation: 'and', parts: [nameIs, notByDeploy] })).toBe(
      'event-name = PutObject AND NOT user-arn *= :assumed-role/Deploy/',
    );
  });

  test('a text is looked for in every attribute that people read', () => {
    const where = whereOf({ operation: 'and', parts: [{ operator: ':', value: 'prod' }, nameIs] });
    expect(where).toMatch(/^\(event-name \*= prod OR username \*= prod OR .*\) AND event-name = PutObject$/);
  });

  test('and is in none of them when it is excluded', () => {
    expect(whereOf({ operation: 'and', parts: [{ operator: '!:', value: 'prod' }] })).toMatch(/^NOT \(event-name \*= prod OR/);
  });
});
