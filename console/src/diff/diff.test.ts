import { expect, test } from 'vitest';

import type { Json } from '../records/record';
import { diffOf } from './diff';

function check(before: Json | undefined, after: Json | undefined, expected: string[]): void {
  const signs = { same: ' ', removed: '-', added: '+' };
  expect(diffOf(before, after).map(({ kind, path, value }) => `${signs[kind]}${path} ${value}`)).toEqual(expected);
}

test('values that change are removed and added, others stay', () => {
  check({ a: 1, b: 'x', c: true }, { a: 2, b: 'x', d: null }, ['-.a 1', '+.a 2', ' .b x', '-.c true', '+.d null']);
});

test('the first call has everything added', () => {
  check(undefined, { a: { b: ['x', 'y'] } }, ['+.a.b[0] x', '+.a.b[1] y']);
  check(null, { a: [] }, ['+.a []']);
});

test('policies are looked into', () => {
  const policy = (principal: string) => ({ policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: principal }] }) });
  check(policy('123'), policy('*'), [
    ' .policy.Statement[0].Effect Allow',
    '-.policy.Statement[0].Principal 123',
    '+.policy.Statement[0].Principal *',
  ]);
});

test('what differs with every call is left out', () => {
  check({ clientToken: 'a', n: 1 }, { clientToken: 'b', n: 1 }, [' .n 1']);
});

test('lists are in the order of their numbers', () => {
  const list = Array.from({ length: 11 }, (_, index) => index);
  expect(diffOf(undefined, list).map(({ path }) => path).slice(-2)).toEqual(['[9]', '[10]']);
});

test('what only looks like a document is a text', () => {
  check('{broken', '{"a":1}', ['-' + ' {broken', '+.a 1']);
});
