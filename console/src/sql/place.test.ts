import { expect, test } from 'vitest';
import { placeOf } from './place';

/** The part of the statement that is marked. */
function marked(message: string, statement: string): string | undefined {
  const { range } = placeOf(message, statement);
  return range && statement.slice(range.from, range.to);
}

test('the word at the place is marked, the message loses it', () => {
  const statement = 'SELECT eventName,\n  nme\nFROM x';
  expect(placeOf("line 2:3: Column 'nme' cannot be resolved", statement).message).toBe("Column 'nme' cannot be resolved");
  expect(marked("line 2:3: Column 'nme' cannot be resolved", statement)).toBe('nme');
});

test('columns count code points', () => {
  expect(marked('line 1:6: wrong', "'🦊', abc")).toBe('abc');
});

test('the end of the statement is a place', () => {
  expect(placeOf('line 1:99: mismatched input', 'SELECT').range).toEqual({ from: 6, to: 6 });
});

test('a symbol is marked alone', () => {
  expect(marked('line 1:8: mismatched', 'SELECT ) FROM')).toBe(')');
});

test('messages without a place are left alone', () => {
  expect(placeOf('Query exhausted resources', 'SELECT 1')).toEqual({ message: 'Query exhausted resources' });
});
