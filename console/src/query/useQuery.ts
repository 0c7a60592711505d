import type { DescribeQueryResponse } from '@aws-sdk/client-cloudtrail';
import { useEffect, useState } from 'react';

import { type Api, useApi } from '../api/client';
import { isAbort } from '../api/error';
import { describeQuery, fetchRows, follow, type Rows } from './calls';

/** What is known of a query by now. */
export interface QueryState {
  readonly id: string;
  readonly query?: DescribeQueryResponse;
  readonly rows?: Rows;
  readonly error?: unknown;
}

/** Follows a query to its end and fetches its rows; none is followed while the id is empty. */
export function useQuery(id: string): QueryState | undefined {
  const api = useApi();
  const [state, setState] = useState<QueryState>();
  useEffect(() => {
    if (id === '') return undefined;
    const called = new AbortController();
    const told = (some: Partial<QueryState>) => {
      // What comes late is not told any more.
      if (!called.signal.aborted) setState((last) => ({ ...(last?.id === id ? last : undefined), id, ...some }));
    };
    run(api, id, called.signal, told).catch((error: unknown) => {
      if (!isAbort(error)) told({ error });
    });
    return () => {
      called.abort();
    };
  }, [api, id]);
  return state?.id === id ? state : undefined;
}

async function run(api: Api, id: string, signal: AbortSignal, told: (some: Partial<QueryState>) => void) {
  const ended = await follow(
    () => describeQuery(api, id, signal),
    signal,
    (query) => {
      told({ query });
    },
  );
  const hasRows = ended.QueryStatus === 'FINISHED' || ended.QueryStatus === 'TIMED_OUT';
  if (hasRows) told({ rows: await fetchRows(api, id, signal) });
}
