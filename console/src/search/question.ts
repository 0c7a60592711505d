import { printQuery, parseQuery, whereOf } from '../filter/expression';
import { EVERYTHING, type Query } from '../filter/query';

export const CATEGORIES = ['management', 'data', 'network', 'insight', 'aggregated', 'activity', 'all'] as const;
export type Category = (typeof CATEGORIES)[number];

/** `1 hour` back from now. */
export interface RelativeRange {
  type: 'relative';
  amount: number;
  unit: 'minute' | 'hour' | 'day' | 'week';
}

/** From a moment to another, ISO 8601; both ends belong to it. */
export interface AbsoluteRange {
  type: 'absolute';
  from: string;
  to: string;
}

export type Range = RelativeRange | AbsoluteRange;

/** What is asked of Event history. No range: all that it has. */
export interface Question {
  query: Query;
  range?: Range;
  category: Category;
}

const UNITS = { m: 'minute', h: 'hour', d: 'day', w: 'week' } as const;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** The question that a URL asks; what it doesn't say, or says wrongly, is as wide as can be. */
export function readQuestion(url: URLSearchParams): Question {
  const category = CATEGORIES.find((known) => known === url.get('category')) ?? 'management';
  return { query: parseQuery(url.get('q') ?? '') ?? EVERYTHING, range: readRange(url), category };
}

/** Whether the URL's query is one that cannot be shown, so that everything is shown instead. */
export function isMisread(url: URLSearchParams): boolean {
  return parseQuery(url.get('q') ?? '') === undefined;
}

/** The URL with a question in it; what else it has stays. */
export function writeQuestion(url: URLSearchParams, question: Question): URLSearchParams {
  const { range } = question;
  return withValues(url, {
    q: printQuery(question.query),
    category: question.category === 'management' ? '' : question.category,
    last: range?.type === 'relative' ? `${String(range.amount)}${range.unit.charAt(0)}` : '',
    from: range?.type === 'absolute' ? range.from : '',
    to: range?.type === 'absolute' ? range.to : '',
  });
}

/** The URL with some values set; empty ones are left out. */
export function withValues(url: URLSearchParams, values: Readonly<Record<string, string>>): URLSearchParams {
  const next = new URLSearchParams(url);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

function readRange(url: URLSearchParams): Range | undefined {
  const last = /^(\d{1,6})([mhdw])$/.exec(url.get('last') ?? '');
  if (last) return { type: 'relative', amount: Number(last[1]), unit: UNITS[last[2] as keyof typeof UNITS] };
  const [from, to] = [moment(url.get('from')), moment(url.get('to'))];
  return from !== undefined && to !== undefined && from <= to ? { type: 'absolute', from, to } : undefined;
}

function moment(text: string | null): string | undefined {
  const at = new Date(text ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** What of a request to search or to summarize the question says, as of `now`. */
export interface Asked {
  Where?: string;
  StartTime?: string;
  EndTime?: string;
  Categories: string[];
}

export function asked(question: Question, now: Date): Asked {
  const where = whereOf(question.query);
  return { ...(where !== undefined && { Where: where }), ...times(question.range, now), Categories: [question.category] };
}

/** The same question as of later, while arrivals are followed: a range that has ended goes on. */
export function askedByNow(question: Question, now: Date): Asked {
  const { EndTime, ...rest } = asked(question, now);
  const at = now.toISOString();
  return EndTime === undefined ? rest : { ...rest, EndTime: EndTime > at ? EndTime : at };
}

function times(range: Range | undefined, now: Date): { StartTime?: string; EndTime?: string } {
  if (!range) return {};
  if (range.type === 'absolute') return { StartTime: range.from, EndTime: range.to };
  return { StartTime: new Date(now.getTime() - range.amount * UNIT_MS[range.unit]).toISOString(), EndTime: now.toISOString() };
}
