import { describe, expect, test } from 'vitest';
import { chartOf, isFittingText, propertiesOf, STANDARD_SIZE, type View, viewOf, viewOfChart } from './view';

const LINES = {
  Title: 'Account activity',
  View: 'LineChart',
  Height: '3',
  Width: '2',
  XAxisColumn: 'eventDate',
  YAxisColumn: 'eventCount',
  FilterColumn: 'readOnly',
};

describe('properties', () => {
  test.each([
    LINES,
    { Title: 'Top errors', View: 'Table', Height: '2', Width: '3', Column: '1' },
    { Title: 'Regions', View: 'PieChart', Height: '4', Width: '1', LabelColumn: 'awsRegion', ValueColumn: 'n' },
  ])('come back as they were', (properties) => {
    expect(propertiesOf(viewOf(properties))).toEqual(properties);
  });

  test('columns that were not chosen are left out', () => {
    const view: View = { ...viewOf(LINES), label: '', value: '', series: '' };
    expect(Object.keys(propertiesOf(view)).sort()).toEqual(['Height', 'Title', 'View', 'Width']);
  });

  test('a column beyond the board is none', () => {
    expect(viewOf({ Height: '2', Width: '3', Column: '2' }).size).toEqual({ columns: 3, rows: 2 });
  });

  test.each([{ Height: '6', Width: '8' }, { Height: '1', Width: '2' }, {}])(
    'sizes of others are not ours: %o',
    (it) => {
      expect(viewOf(it).size).toEqual(STANDARD_SIZE);
    },
  );

  test('titles are of ASCII', () => {
    expect(isFittingText('Top errors - 2')).toBe(true);
    expect(isFittingText('오류')).toBe(false);
    expect(isFittingText('')).toBe(false);
  });
});

describe('charts', () => {
  const result = { columns: ['eventdate', 'readOnly', 'eventCount'], rows: [['2026-11-22', 'read', '3']] };

  test('columns are named without regard to case', () => {
    expect(chartOf(viewOf(LINES), result)).toEqual({ kind: 'line', x: 0, y: 2, series: 1 });
  });

  test('without columns, what fits', () => {
    expect(chartOf({ ...viewOf(LINES), kind: 'BarChart', label: '', value: '' }, result)).toEqual({
      kind: 'bar',
      label: 1,
      value: 2,
    });
  });

  test('tables are no charts, nor is nothing', () => {
    expect(chartOf(viewOf({ View: 'Table' }), result)).toBeUndefined();
    expect(chartOf(viewOf(LINES), { columns: [], rows: [] })).toBeUndefined();
  });
});

test('a chart is drawn by its view, none by a table', () => {
  expect((['line', 'bar', 'pie', undefined] as const).map(viewOfChart)).toEqual(['LineChart', 'BarChart', 'PieChart', 'Table']);
});
