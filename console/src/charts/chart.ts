/** Which charts fit a result, and what they draw. */

import { type ColumnType, columnType, type Result, timeOf } from './result';

/** Columns are named by their positions. */
export type Chart =
  | { readonly kind: 'line'; readonly x: number; readonly y: number; readonly series?: number }
  | { readonly kind: 'bar'; readonly label: number; readonly value: number }
  | { readonly kind: 'pie'; readonly label: number; readonly value: number };

export type ChartKind = Chart['kind'];

const SLICES_MAX = 10;
/** Slices that are smaller are hard to see, and their labels overlap. */
const SLICE_PART_MIN = 0.02;
const BARS_MAX = 40;
const SERIES_MAX = 8;

/** The charts that fit, the best first: lines over time, else slices of few parts, else bars. */
export function suggestCharts(result: Result): Chart[] {
  const types = result.columns.map((_, column) => columnType(result, column));
  const value = types.lastIndexOf('number');
  if (result.rows.length === 0 || value < 0) return [];
  const time = types.indexOf('time');
  const label = labelColumn(types, value);
  const charts: Chart[] = [];
  if (time >= 0) charts.push(lineChart(result, types, time, value));
  const named = label ?? (time >= 0 ? time : undefined);
  if (named === undefined) return charts;
  const bar: Chart = { kind: 'bar', label: named, value };
  const pie: Chart = { kind: 'pie', label: named, value };
  if (!isPart(result, value)) return [...charts, bar];
  return [...charts, ...(label !== undefined && result.rows.length <= 6 ? [pie, bar] : [bar, pie])];
}

/** The first text; a number that isn't the value (an account, a port) names things, too. */
function labelColumn(types: readonly ColumnType[], value: number): number | undefined {
  const label = types.findIndex((type) => type === 'text');
  if (label >= 0) return label;
  const other = types.findIndex((type, column) => type === 'number' && column !== value);
  return other >= 0 ? other : undefined;
}

function lineChart(result: Result, types: readonly ColumnType[], x: number, y: number): Chart {
  const series = types.findIndex((type) => type === 'text');
  if (series < 0) return { kind: 'line', x, y };
  const names = new Set(result.rows.map((row) => row[series]));
  return names.size <= SERIES_MAX ? { kind: 'line', x, y, series } : { kind: 'line', x, y };
}

/** Can the values be parts of a whole? */
function isPart(result: Result, value: number): boolean {
  return result.rows.every((row) => Number(row[value]) >= 0);
}

export interface Slice {
  readonly label: string;
  readonly value: number;
}

/** Labels with the sums of their values, the largest first; what is too much or too small becomes one more slice. */
export function slices(result: Result, label: number, value: number, others: string): Slice[] {
  const all = sums(result, label, value).sort((a, b) => b.value - a.value);
  const total = all.reduce((sum, slice) => sum + slice.value, 0);
  const large = all.filter((slice) => slice.value >= total * SLICE_PART_MIN).length;
  const kept = all.length > SLICES_MAX ? Math.min(large, SLICES_MAX - 1) : large;
  if (all.length - kept < 2) return all;
  const rest = all.slice(kept).reduce((sum, slice) => sum + slice.value, 0);
  return [...all.slice(0, kept), { label: others, value: rest }];
}

/** Labels with the sums of their values, in the order of the rows. */
export function bars(result: Result, label: number, value: number): Slice[] {
  return sums(result, label, value).slice(0, BARS_MAX);
}

function sums(result: Result, label: number, value: number): Slice[] {
  const found = new Map<string, number>();
  for (const row of result.rows) {
    const name = row[label] ?? '–';
    found.set(name, (found.get(name) ?? 0) + Number(row[value] ?? 0));
  }
  return [...found].map(([name, sum]) => ({ label: name, value: sum }));
}

export interface Line {
  /** Empty when there is one line only. */
  readonly name: string;
  readonly points: readonly { readonly x: Date; readonly y: number }[];
}

/** A line for each series, each with a point at each time that any of them has: what isn't there was zero. */
export function lines(result: Result, chart: Extract<Chart, { kind: 'line' }>): Line[] {
  const byName = new Map<string, Map<number, number>>();
  const times = new Set<number>();
  for (const row of result.rows) {
    const time = timeOf(row[chart.x] ?? '').getTime();
    if (Number.isNaN(time)) continue;
    times.add(time);
    const name = chart.series === undefined ? '' : (row[chart.series] ?? '–');
    const points = byName.get(name) ?? new Map<number, number>();
    byName.set(name, points.set(time, (points.get(time) ?? 0) + Number(row[chart.y] ?? 0)));
  }
  const order = [...times].sort((a, b) => a - b);
  return [...byName].map(([name, points]) => ({
    name,
    points: order.map((time) => ({ x: new Date(time), y: points.get(time) ?? 0 })),
  }));
}
