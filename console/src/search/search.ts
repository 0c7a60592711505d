import { ApiError } from '../api/error';
import type { OpenTrail } from '../api/opentrail';
import { type FoundEvent, foundEvent } from '../records/record';
import type { Attribute } from '../filter/attributes';
import type { Asked } from './question';

/** A line of the answer of `SearchEvents`. */
type Line =
  | { Time: string; Position: number; Event: string }
  | { End: { Events: number; Position: number; NextToken?: string } }
  | { Error: { Code: string; Message: string } };

/** What a search found, up to its limit. */
export interface EventsPage {
  events: FoundEvent[];
  /** Where following goes on. */
  position: number;
  /** More may follow; ask with it for them. */
  nextToken?: string;
}

/** One page of events, newest first. */
export async function searchPage(
  server: OpenTrail,
  question: Asked & { Limit: number; NextToken?: string },
  signal?: AbortSignal,
): Promise<EventsPage> {
  const events: FoundEvent[] = [];
  const end = await readTo(server, question, signal, (event) => events.push(event));
  return { events, position: end.Position, ...(end.NextToken !== undefined && { nextToken: end.NextToken }) };
}

/** Every event, newest first, given to `each` as it arrives. */
export async function searchAll(
  server: OpenTrail,
  question: Asked,
  signal: AbortSignal,
  each: (event: FoundEvent) => void,
): Promise<void> {
  await readTo(server, question, signal, each);
}

/** Every event that arrives after a position, until it is called off; the server ends an answer now and then. */
export async function follow(
  server: OpenTrail,
  question: Asked,
  position: number | undefined,
  signal: AbortSignal,
  each: (event: FoundEvent) => void,
): Promise<void> {
  let from = position;
  while (!signal.aborted) {
    const at = from === undefined ? {} : { Position: from };
    const end = await readTo(server, { ...question, ...at, Follow: true }, signal, each);
    from = end.Position;
  }
}

async function readTo(
  server: OpenTrail,
  question: object,
  signal: AbortSignal | undefined,
  each: (event: FoundEvent) => void,
): Promise<{ Position: number; NextToken?: string }> {
  for await (const line of server.stream<Line>('SearchEvents', question, signal)) {
    if ('End' in line) return line.End;
    if ('Error' in line) throw new ApiError(line.Error.Code, line.Error.Message);
    each(foundEvent(line));
  }
  throw new ApiError('AnswerCutOff', 'The answer ended before its last line; the connection or the server broke off.');
}

export interface Bucket {
  Start: string;
  Count: number;
  Errors: number;
}

export interface Facet {
  Attribute: Attribute;
  Values: { Value: string; Count: number }[];
  /** How many values there are in all. */
  Distinct: number;
  /** How many events have values that are not listed. */
  Others: number;
}

export interface Summary {
  StartTime: string;
  EndTime: string;
  Total: number;
  BucketSeconds: number;
  Histogram: Bucket[];
  Facets: Facet[];
  /** Not: a bound was hit, and there are at least so many. */
  IsExact: boolean;
}

/** How many events there are, when, and with which values. */
export function summarize(
  server: OpenTrail,
  question: Asked & { Buckets?: number; Facets?: readonly Attribute[]; Top?: number },
  signal?: AbortSignal,
): Promise<Summary> {
  return server.call<Summary>('SummarizeEvents', question, signal);
}
