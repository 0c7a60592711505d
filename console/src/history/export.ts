import type { OpenTrail } from '../api/opentrail';
import type { FoundEvent } from '../records/record';
import type { Asked } from '../search/question';
import { searchAll } from '../search/search';
import { type Column, rawValue } from './columns';

export type ExportFormat = 'csv' | 'json';

/** Text is handed over in pieces of about this size, which the browser may put on disk. */
const PIECE_CHARACTERS = 1 << 20;
const PROGRESS_EVENTS = 500;

/** Every event of the question in a file, made while the answer is read; `progress` hears how many are in. */
export async function exportEvents(
  server: OpenTrail,
  question: Asked,
  format: { kind: ExportFormat; columns: readonly Column[] },
  signal: AbortSignal,
  progress: (events: number) => void,
): Promise<{ file: Blob; events: number }> {
  const pieces: Blob[] = [];
  let waiting = format.kind === 'csv' ? csvLine(format.columns) : '{"Records":[';
  let events = 0;
  await searchAll(server, question, signal, (event) => {
    waiting += format.kind === 'csv' ? csvRow(event, format.columns) : (events === 0 ? '\n' : ',\n') + event.text;
    events += 1;
    if (waiting.length >= PIECE_CHARACTERS) {
      pieces.push(new Blob([waiting]));
      waiting = '';
    }
    if (events % PROGRESS_EVENTS === 0) progress(events);
  });
  if (format.kind === 'json') waiting += '\n]}\n';
  pieces.push(new Blob([waiting]));
  return { file: new Blob(pieces, { type: format.kind === 'csv' ? 'text/csv' : 'application/json' }), events };
}

export function csvRow(event: FoundEvent, columns: readonly Column[]): string {
  return csvLine(columns.map((column) => rawValue(column, event) ?? ''));
}

function csvLine(values: readonly string[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell as RFC 4180 has it. What strangers put into a record (a user agent, a name) must not become a formula where
 * the file is opened, so that what begins like one begins with an apostrophe.
 */
function csvCell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hands a file to whoever sits before the browser. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the file once it has begun.
  window.setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
}
