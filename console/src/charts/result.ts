/** The rows of a query, and what their texts look like. */

/** A cell is a text or NULL. */
export type Cell = string | null;

export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export const EMPTY_RESULT: Result = { columns: [], rows: [] };

/** Rows as the API has them: a map of one column each, in order; NULL is an empty map in its column's place. */
export function readResult(rows: readonly (readonly Readonly<Record<string, string>>[])[]): Result {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, at) => {
    const named = rows.find((row) => Object.keys(row[at] ?? {}).length > 0);
    return Object.keys(named?.[at] ?? {})[0] ?? `_col${String(at)}`;
  });
  return { columns, rows: rows.map((row) => row.map((cell) => Object.values(cell)[0] ?? null)) };
}

/** More rows of the same query. A column that was NULL so far gets its name now. */
export function withRows(result: Result, more: Result): Result {
  if (result.columns.length === 0) return more;
  const columns = result.columns.map((name, at) => (/^_col\d+$/.test(name) ? (more.columns[at] ?? name) : name));
  return { columns, rows: [...result.rows, ...more.rows] };
}

export type ColumnType = 'number' | 'time' | 'text';

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?: UTC|Z)?)?$/;

/** What all values of a column look like; a column without values is text. */
export function columnType(result: Result, column: number): ColumnType {
  const values = result.rows.map((row) => row[column] ?? '').filter((value) => value !== '');
  if (values.length === 0) return 'text';
  if (values.every((value) => NUMBER.test(value))) return 'number';
  return values.every((value) => TIME.test(value)) ? 'time' : 'text';
}

/** A time of a result, which is UTC without saying so. */
export function timeOf(text: string): Date {
  return new Date(
    text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(' UTC', '').replace('Z', '').replace(' ', 'T')}Z`,
  );
}
