import { expect, test } from 'vitest';

import { printQuery } from './expression';
import { EVERYTHING, type Group, isSamePart, narrowed, narrowedByGroup, type Query, type Token, without } from './query';

const is = (value: string): Token => ({ attribute: 'username', operator: '=', value });
const t = is('t');

function check(query: Query, expected: string): void {
  expect(printQuery(narrowed(query, t))).toBe(expected);
}

test('narrowing adds a condition', () => {
  check(EVERYTHING, 'username = t');
  check({ operation: 'and', parts: [is('a')] }, 'username = a AND username = t');
  check({ operation: 'or', parts: [is('a')] }, 'username = a AND username = t');
});

test('narrowing an alternative holds for each of its branches', () => {
  check({ operation: 'or', parts: [is('a'), is('b')] }, '(username = a OR username = b) AND username = t');
  check(
    { operation: 'or', parts: [{ operation: 'and', tokens: [is('a'), is('b')] }, is('c')] },
    '(username = a AND username = b AND username = t) OR (username = c AND username = t)',
  );
});

test('what is there already is not added, what says the opposite goes', () => {
  check({ operation: 'and', parts: [is('a'), t] }, 'username = a AND username = t');
  check({ operation: 'and', parts: [{ ...t, operator: '!=' }] }, 'username = t');
});

test('a group narrows what has room for it, and is taken back', () => {
  const group: Group = { operation: 'or', tokens: [is('x'), is('y')] };
  const query: Query = { operation: 'or', parts: [is('a'), is('b')] };
  const narrower = narrowedByGroup(query, group) ?? EVERYTHING;
  expect(printQuery(narrower)).toBe('(username = a OR username = b) AND (username = x OR username = y)');
  expect(printQuery(without(narrower, { ...group, tokens: [...group.tokens] }))).toBe('(username = a OR username = b)');
  expect(narrowedByGroup({ operation: 'or', parts: [group, is('a')] }, group)).toBeUndefined();
});

test('parts differ by kind, join and comparisons', () => {
  const group: Group = { operation: 'or', tokens: [is('x'), is('y')] };
  expect(isSamePart(group, { ...group, operation: 'and' })).toBe(false);
  expect(isSamePart(group, { ...group, tokens: [is('x'), is('z')] })).toBe(false);
  expect(isSamePart(group, is('x'))).toBe(false);
  expect(isSamePart(is('x'), is('x'))).toBe(true);
});

test('a condition can be taken back', () => {
  expect(without(narrowed({ operation: 'and', parts: [is('a')] }, t), t)).toEqual({ operation: 'and', parts: [is('a')] });
});
