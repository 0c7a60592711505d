import { readStored, writeStored } from '../app/preferences';
import { type Attribute, ATTRIBUTES, isAttribute, valueOf } from '../filter/attributes';
import { formatTime } from '../i18n/format';
import { serviceOf } from '../records/identity';
import type { FoundEvent } from '../records/record';
import { shortName } from '../records/resources';

export type Column = Attribute | 'time' | 'user-agent';

export const COLUMNS: readonly Column[] = ['time', ...ATTRIBUTES, 'user-agent'];

/** The least width in pixels; room that is left goes to all in proportion. */
export const WIDTHS: Readonly<Record<Column, number>> = {
  time: 158,
  'event-name': 200,
  username: 140,
  'event-source': 130,
  'resource-name': 190,
  'resource-type': 170,
  'source-ip': 130,
  'error-code': 150,
  'access-key-id': 190,
  region: 110,
  'read-only': 90,
  'user-arn': 300,
  account: 120,
  category: 120,
  'event-id': 300,
  'user-agent': 240,
};

const STANDARD: readonly Column[] = ['time', 'event-name', 'username', 'resource-name', 'error-code', 'source-ip', 'event-source', 'region'];
const KEY = 'opentrail.history.columns';

export function readColumns(): readonly Column[] {
  const stored = readStored<unknown>(KEY);
  const known = Array.isArray(stored) ? COLUMNS.filter((column) => stored.includes(column)) : [];
  if (known.length === 0) return STANDARD;
  return (stored as Column[]).filter((column) => known.includes(column));
}

export function writeColumns(columns: readonly Column[]): void {
  writeStored(KEY, columns);
}

/** What a cell says; pointing at it tells the whole value. */
export function cellText(column: Column, event: FoundEvent): string {
  if (column === 'time') return formatTime(event.time);
  if (column === 'event-source') return serviceOf(event.record);
  const value = rawValue(column, event) ?? '';
  return column === 'resource-name' ? shortName(value) : value;
}

/** The value that a filter would ask for; times and user agents can't be asked for. */
export function filterValue(column: Column, event: FoundEvent): { attribute: Attribute; value: string } | undefined {
  const value = isAttribute(column) ? valueOf(column, event.record) : undefined;
  return value !== undefined && isAttribute(column) ? { attribute: column, value } : undefined;
}

/** The value as it is exported: times to the millisecond. */
export function rawValue(column: Column, event: FoundEvent): string | undefined {
  if (column === 'time') return event.time;
  if (column === 'user-agent') return event.record.userAgent;
  return valueOf(column, event.record);
}
