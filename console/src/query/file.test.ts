import { expect, test } from 'vitest';
import { csvText, jsonText } from './file';

const RESULT = {
  columns: ['eventName', 'n'],
  rows: [
    ['a,"b"', '1'],
    [null, '2'],
  ],
};

test('CSV quotes, and has nothing for NULL', () => {
  expect(csvText(RESULT)).toBe('eventName,n\r\n"a,""b""",1\r\n,2\r\n');
});

test('JSON tells NULL from the empty text', () => {
  expect(JSON.parse(jsonText(RESULT))).toEqual([
    { eventName: 'a,"b"', n: '1' },
    { eventName: null, n: '2' },
  ]);
});
