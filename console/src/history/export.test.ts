import { expect, test } from 'vitest';

import type { OpenTrail } from '../api/opentrail';
import { foundEvent } from '../records/record';
import { csvRow, exportEvents } from './export';

const line = (record: object, Position = 1) => ({ Time: '2026-11-22T10:00:00.123Z', Position, Event: JSON.stringify(record) });

/** A server that answers any search with these lines. */
function answering(...lines: object[]): OpenTrail {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even if all is at hand
  async function* stream() {
    yield* lines;
  }
  return { stream } as unknown as OpenTrail;
}

const END = { End: { Events: 2, Position: 3 } };
const signal = new AbortController().signal;
const nothing = () => undefined;

test('a row has the columns that are shown, in their order', () => {
  const event = foundEvent(line({ eventName: 'PutObject', userIdentity: { type: 'IAMUser', userName: 'alice' } }));
  expect(csvRow(event, ['username', 'time', 'error-code'])).toBe('alice,2026-11-22T10:00:00.123Z,\r\n');
});

test('what would be a formula, or end a cell, does not', () => {
  const event = foundEvent(line({ eventName: '=HYPERLINK("x")', userAgent: 'a,b\n"c"' }));
  expect(csvRow(event, ['event-name', 'user-agent'])).toBe('"\'=HYPERLINK(""x"")","a,b\n""c"""\r\n');
});

test('JSON is a log file of the records’ own texts', async () => {
  const server = answering(line({ eventID: 'a', n: 1 }), line({ eventID: 'b', n: 2 }), END);
  const made = await exportEvents(server, { Categories: [] }, { kind: 'json', columns: [] }, signal, nothing);
  expect(await made.file.text()).toBe('{"Records":[\n{"eventID":"a","n":1},\n{"eventID":"b","n":2}\n]}\n');
  expect(made.events).toBe(2);
});

test('an export without events is a file all the same', async () => {
  const made = await exportEvents(answering(END), { Categories: [] }, { kind: 'csv', columns: ['time'] }, signal, nothing);
  expect(await made.file.text()).toBe('time\r\n');
});

test('an answer that is cut off is no export', async () => {
  const server = answering(line({ eventID: 'a' }));
  const format = { kind: 'json', columns: [] } as const;
  await expect(exportEvents(server, { Categories: [] }, format, signal, nothing)).rejects.toThrow('before its last line');
});

test('an error in the middle is told', async () => {
  const server = answering(line({ eventID: 'a' }), { Error: { Code: 'ServiceUnavailable', Message: 'later' } });
  const format = { kind: 'json', columns: [] } as const;
  await expect(exportEvents(server, { Categories: [] }, format, signal, nothing)).rejects.toThrow('later');
});
