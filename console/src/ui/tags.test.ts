import { expect, test } from 'vitest';
import { tagChanges, tagLines, tagsOf } from './tags';

test('lines without a key are no tags, empty values are no values', () => {
  expect(
    tagsOf([
      { key: ' team ', value: 'a' },
      { key: '', value: 'x' },
      { key: 'k', value: '' },
    ]),
  ).toEqual([{ Key: 'team', Value: 'a' }, { Key: 'k' }]);
});

test('only what differs is asked for', () => {
  const before = [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }, { Key: 'c' }];
  const after = [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '3' }, { Key: 'd' }];
  expect(tagChanges(before, after)).toEqual({ add: [{ Key: 'b', Value: '3' }, { Key: 'd' }], remove: [{ Key: 'c' }] });
  expect(tagLines(before)[2]).toEqual({ key: 'c', value: '' });
});
