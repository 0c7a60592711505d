import {
  CancelQueryCommand,
  DescribeQueryCommand,
  type DescribeQueryResponse,
  GetQueryResultsCommand,
  paginateListQueries,
  type Query,
  type QueryStatus,
  SearchSampleQueriesCommand,
  type SearchSampleQueriesSearchResult,
  StartQueryCommand,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import { EMPTY_RESULT, readResult, type Result, withRows } from '../charts/result';

/** How many rows are fetched at a time, and how many at most: more than that is for files. */
const PAGE_ROWS = 1000;
const ROWS_MAX = 10_000;

const ASK_AGAIN_MS = 300;

export async function startQuery(api: Api, statement: string): Promise<string> {
  const { QueryId } = await api.cloudtrail.send(new StartQueryCommand({ QueryStatement: statement }));
  if (QueryId === undefined) throw new Error('the answer has no query id');
  return QueryId;
}

export async function cancelQuery(api: Api, id: string): Promise<void> {
  await api.cloudtrail.send(new CancelQueryCommand({ QueryId: id }));
}

export function describeQuery(api: Api, id: string, signal: AbortSignal): Promise<DescribeQueryResponse> {
  return api.cloudtrail.send(new DescribeQueryCommand({ QueryId: id }), { abortSignal: signal });
}

export function isGoingOn(status: QueryStatus | undefined): boolean {
  return status === 'QUEUED' || status === 'RUNNING';
}

/** Asks how a query is until it has ended; each answer is told. */
export async function follow(
  describe: (signal: AbortSignal) => Promise<DescribeQueryResponse>,
  signal: AbortSignal,
  told: (query: DescribeQueryResponse) => void,
): Promise<DescribeQueryResponse> {
  for (;;) {
    const query = await describe(signal);
    told(query);
    if (!isGoingOn(query.QueryStatus)) return query;
    await pause(ASK_AGAIN_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export interface Rows extends Result {
  readonly total: number;
}

/** The rows of a query that has ended, as many as the console shows unless more are wanted. */
export async function fetchRows(api: Api, id: string, signal: AbortSignal, max = ROWS_MAX): Promise<Rows> {
  let result = EMPTY_RESULT;
  let total = 0;
  let token: string | undefined;
  do {
    const input = { QueryId: id, MaxQueryResults: PAGE_ROWS, NextToken: token };
    const page = await api.cloudtrail.send(new GetQueryResultsCommand(input), { abortSignal: signal });
    const rows = page.QueryResultRows ?? [];
    if (rows.length > 0) result = withRows(result, readResult(rows));
    total = page.QueryStatistics?.TotalResultsCount ?? total;
    token = page.NextToken;
  } while (token !== undefined && result.rows.length < max);
  return { ...result, total: Math.max(total, result.rows.length) };
}

export async function listQueries(api: Api, store: string, signal: AbortSignal): Promise<Query[]> {
  const queries: Query[] = [];
  const pages = paginateListQueries({ client: api.cloudtrail }, { EventDataStore: store }, { abortSignal: signal });
  for await (const page of pages) queries.push(...(page.Queries ?? []));
  return queries;
}

/** Sample queries that a phrase may mean; the service understands ASCII only. */
export async function searchSamples(
  api: Api,
  phrase: string,
  signal: AbortSignal,
): Promise<readonly SearchSampleQueriesSearchResult[]> {
  const input = { SearchPhrase: phrase, MaxResults: 50 };
  const answer = await api.cloudtrail.send(new SearchSampleQueriesCommand(input), { abortSignal: signal });
  return answer.SearchResults ?? [];
}
