import type { OpenTrail } from '../api/opentrail';
import { csvLine } from '../file/csv';
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
