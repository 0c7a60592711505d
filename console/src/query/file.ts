/** A result as a file. */

import type { Result } from '../charts/result';
import { csvLine } from '../file/csv';

export type FileKind = 'csv' | 'json';

export function resultFile(result: Result, kind: FileKind): Blob {
  return kind === 'csv'
    ? new Blob([csvText(result)], { type: 'text/csv' })
    : new Blob([jsonText(result)], { type: 'application/json' });
}

/** NULL is an empty cell. */
export function csvText({ columns, rows }: Result): string {
  return [columns, ...rows.map((row) => row.map((cell) => cell ?? ''))].map(csvLine).join('');
}

/** A list of objects, one a row; of columns that share a name the last one wins. */
export function jsonText({ columns, rows }: Result): string {
  const objects = rows.map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]))),
  );
  return `[\n${objects.join(',\n')}\n]\n`;
}
