import { describe, expect, test } from 'vitest';
import { bars, lines, slices, suggestCharts } from './chart';
import { columnType, readResult, type Result, timeOf, withRows } from './result';

const result = (columns: string, ...rows: (string | null)[][]): Result => ({ columns: columns.split(' '), rows });

describe('rows of the API', () => {
  test('an empty map is NULL in its column', () => {
    expect(
      readResult([
        [{ a: '1' }, {}],
        [{ a: '2' }, { b: '' }],
      ]),
    ).toEqual(result('a b', ['1', null], ['2', '']));
  });

  test('columns of the same name stay apart', () => {
    expect(readResult([[{ a: '1' }, { a: '2' }]])).toEqual(result('a a', ['1', '2']));
  });

  test('a column without values is named like one without a name, until it has some', () => {
    const first = readResult([[{}]]);
    expect(first.columns).toEqual(['_col0']);
    expect(withRows(first, readResult([[{ n: '1' }]]))).toEqual(result('n', [null], ['1']));
  });
});

describe('types by look', () => {
  test.each([
    ['number', ['1', '-2.5', '3e4', null]],
    ['time', ['2026-11-22', '2026-11-22 10:00:00.000', '2026-11-22T10:00:00Z']],
    ['text', ['1', 'x']],
    ['text', [null, '']],
  ] as const)('%s', (type, values) => {
    expect(columnType(result('a', ...values.map((value) => [value])), 0)).toBe(type);
  });

  test('times are UTC', () => {
    expect(timeOf('2026-11-22 10:00:00.5').toISOString()).toBe('2026-11-22T10:00:00.500Z');
    expect(timeOf('2026-11-22').toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect(timeOf('2026-11-22 10:00:00 UTC').toISOString()).toBe('2026-11-22T10:00:00.000Z');
  });
});

describe('which chart', () => {
  test('lines over time, one for each of few texts', () => {
    const found = suggestCharts(result('t kind n', ['2026-01-01', 'read', '1'], ['2026-01-01', 'write', '2']));
    expect(found[0]).toEqual({ kind: 'line', x: 0, y: 2, series: 1 });
    expect(found.map((chart) => chart.kind)).toEqual(['line', 'pie', 'bar']);
  });

  test('few parts make a pie, many make bars', () => {
    expect(suggestCharts(result('a n', ['x', '1'], ['y', '2']))[0]?.kind).toBe('pie');
    const many = Array.from({ length: 9 }, (_, at) => [`x${String(at)}`, '1']);
    expect(suggestCharts(result('a n', ...many))[0]).toEqual({ kind: 'bar', label: 0, value: 1 });
  });

  test('what is less than nothing is no part', () => {
    expect(suggestCharts(result('a n', ['x', '-1'])).map((chart) => chart.kind)).toEqual(['bar']);
  });

  test('a number may be a name', () => {
    expect(suggestCharts(result('account n', ['111122223333', '7']))[0]).toMatchObject({ label: 0, value: 1 });
  });

  test('none without numbers or rows', () => {
    expect(suggestCharts(result('a', ['x']))).toEqual([]);
    expect(suggestCharts(result('n'))).toEqual([]);
  });
});

describe('what is drawn', () => {
  test('lines have a point at each time', () => {
    const table = result('t s n', ['2026-01-02', 'a', '2'], ['2026-01-01', 'b', '3'], ['2026-01-02', 'a', '4']);
    const drawn = lines(table, { kind: 'line', x: 0, y: 2, series: 1 });
    expect(drawn.map((line) => [line.name, line.points.map((point) => point.y)])).toEqual([
      ['a', [0, 6]],
      ['b', [3, 0]],
    ]);
    expect(drawn[0]?.points[0]?.x.toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  test('small slices go together', () => {
    const many = Array.from({ length: 12 }, (_, at) => [`x${String(at)}`, String(at + 1)]);
    const drawn = slices(result('a n', ...many), 0, 1, 'others');
    expect(drawn).toHaveLength(10);
    expect(drawn[0]).toEqual({ label: 'x11', value: 12 });
    expect(drawn.at(-1)).toEqual({ label: 'others', value: 1 + 2 + 3 });
  });

  test('slices that are hard to see go together, unless there is but one', () => {
    const table = (...values: string[]) => result('a n', ...values.map((value, at) => [`x${String(at)}`, value]));
    expect(slices(table('980', '10', '10'), 0, 1, 'others').map((slice) => slice.label)).toEqual(['x0', 'others']);
    expect(slices(table('990', '10'), 0, 1, 'others').map((slice) => slice.label)).toEqual(['x0', 'x1']);
  });

  test('bars keep the order of the rows, and NULL has a name', () => {
    expect(bars(result('a n', ['x', '1'], [null, '2']), 0, 1)).toEqual([
      { label: 'x', value: 1 },
      { label: '–', value: 2 },
    ]);
  });
});
