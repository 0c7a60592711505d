/** How widgets are drawn: the view properties of the API, and what the console makes of them. */

import { type Chart, type ChartKind, suggestCharts } from '../charts/chart';
import type { Result } from '../charts/result';

export const VIEWS = ['Table', 'LineChart', 'BarChart', 'PieChart'] as const;
export type ViewKind = (typeof VIEWS)[number];

export type Properties = Readonly<Partial<Record<string, string>>>;

export interface View {
  readonly title: string;
  readonly kind: ViewKind;
  /** The time of lines, the labels of bars and slices; empty: what fits best. */
  readonly label: string;
  readonly value: string;
  /** What tells lines apart. */
  readonly series: string;
  readonly size: Size;
}

/** In columns and rows of the board. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
  /** The first column, from 0; the next free one when absent. */
  readonly column?: number;
}

export const BOARD_COLUMNS = 4;
export const STANDARD_SIZE: Size = { columns: 2, rows: 4 };
const ROWS_MIN = 2;
const ROWS_MAX = 12;

export function viewOf(properties: Properties): View {
  const kind = VIEWS.find((view) => view === properties['View']) ?? 'Table';
  const isLine = kind === 'LineChart';
  return {
    title: properties['Title'] ?? '',
    kind,
    label: properties[isLine ? 'XAxisColumn' : 'LabelColumn'] ?? '',
    value: properties[isLine ? 'YAxisColumn' : 'ValueColumn'] ?? '',
    series: properties['FilterColumn'] ?? '',
    size: sizeOf(properties),
  };
}

/** Sizes that don't fit the board are in units of another client. */
function sizeOf(properties: Properties): Size {
  const columns = Number(properties['Width']);
  const rows = Number(properties['Height']);
  const isOurs = columns >= 1 && columns <= BOARD_COLUMNS && rows >= ROWS_MIN && rows <= ROWS_MAX;
  if (!isOurs) return STANDARD_SIZE;
  const column = Number(properties['Column']);
  return column >= 0 && column + columns <= BOARD_COLUMNS ? { columns, rows, column } : { columns, rows };
}

export function propertiesOf(view: View): Record<string, string> {
  const common = {
    Title: view.title,
    View: view.kind,
    Width: String(view.size.columns),
    Height: String(view.size.rows),
    ...(view.size.column !== undefined && { Column: String(view.size.column) }),
  };
  switch (view.kind) {
    case 'Table':
      return common;
    case 'LineChart':
      return withoutEmpty({ ...common, XAxisColumn: view.label, YAxisColumn: view.value, FilterColumn: view.series });
    case 'BarChart':
      return withoutEmpty({ ...common, LabelColumn: view.label, ValueColumn: view.value, Orientation: 'Horizontal' });
    case 'PieChart':
      return withoutEmpty({ ...common, LabelColumn: view.label, ValueColumn: view.value });
  }
}

/** The API has no empty values. */
function withoutEmpty(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
}

/** What the service takes as a title, or the name of a column. */
export function isFittingText(text: string): boolean {
  return /^[a-zA-Z0-9._\- ]{1,128}$/.test(text);
}

const KINDS = { LineChart: 'line', BarChart: 'bar', PieChart: 'pie' } as const;

/** The view that draws a kind of chart; a table for none. */
export function viewOfChart(kind: ChartKind | undefined): ViewKind {
  return VIEWS.find((view) => view !== 'Table' && KINDS[view] === kind) ?? 'Table';
}

/** The chart that a view wants of these rows; none for tables, and for columns that the rows don't have. */
export function chartOf(view: View, result: Result): Chart | undefined {
  if (view.kind === 'Table' || result.rows.length === 0) return undefined;
  const label = columnAt(result, view.label);
  const value = columnAt(result, view.value);
  if (label === undefined || value === undefined) {
    return suggestCharts(result).find((chart) => chart.kind === KINDS[view.kind as keyof typeof KINDS]);
  }
  if (view.kind !== 'LineChart') return { kind: KINDS[view.kind], label, value };
  const series = columnAt(result, view.series);
  return { kind: 'line', x: label, y: value, ...(series !== undefined && { series }) };
}

/** Names of columns are looked for without regard to case, as statements do. */
function columnAt(result: Result, name: string): number | undefined {
  const at = result.columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
  return at >= 0 ? at : undefined;
}
