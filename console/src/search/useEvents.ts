import { useCallback, useEffect, useRef, useState } from 'react';

import { useApi } from '../api/client';
import { isAbort } from '../api/error';
import type { FoundEvent } from '../records/record';
import type { Asked } from './question';
import { type EventsPage, searchPage } from './search';

const PAGE_EVENTS = 100;

/** More than these are not kept: who has come so far asks again from there on. */
export const EVENTS_MAX = 100_000;

export interface Events {
  events: readonly FoundEvent[];
  isLoading: boolean;
  error?: unknown;
  /** Whether there is more to load. */
  hasMore: boolean;
  /** As of where in the journal the search answered; following goes on from there. */
  position?: number;
  loadMore: () => void;
}

interface State {
  asked: Asked;
  events: readonly FoundEvent[];
  isLoading: boolean;
  error?: unknown;
  nextToken?: string;
  position?: number;
}

/** The events that a question finds, page by page. Keep `asked` with `useMemo`: a new one begins anew. */
export function useEvents(asked: Asked): Events {
  const { opentrail } = useApi();
  const [state, setState] = useState<State>({ asked, events: [], isLoading: true });
  const underway = useRef<AbortController>(undefined);
  // What was found by another question isn't shown as the answer to this one.
  if (state.asked !== asked) setState({ asked, events: [], isLoading: true });

  const load = useCallback(
    (token: string | undefined) => {
      underway.current?.abort();
      const called = new AbortController();
      underway.current = called;
      const page = { ...asked, Limit: PAGE_EVENTS, ...(token !== undefined && { NextToken: token }) };
      searchPage(opentrail, page, called.signal).then(
        (found) => {
          if (!called.signal.aborted) setState((last) => taken(last, asked, found, token === undefined));
        },
        (error: unknown) => {
          if (!called.signal.aborted && !isAbort(error)) setState((last) => ({ ...last, isLoading: false, error }));
        },
      );
      return called;
    },
    [opentrail, asked],
  );

  useEffect(() => {
    load(undefined);
    return () => {
      underway.current?.abort();
    };
  }, [load]);

  const { isLoading, nextToken, events } = state;
  const hasMore = nextToken !== undefined && events.length < EVENTS_MAX;
  const loadMore = useCallback(() => {
    if (isLoading || !hasMore) return;
    setState((last) => ({ ...last, isLoading: true, error: undefined }));
    load(nextToken);
  }, [isLoading, hasMore, nextToken, load]);

  return { events, isLoading, error: state.error, hasMore, position: state.position, loadMore };
}

/** What was known, and a page more; the first page begins anew. */
function taken(last: State, asked: Asked, found: EventsPage, isFirst: boolean): State {
  if (last.asked !== asked) return last;
  return {
    asked,
    events: isFirst ? found.events : [...last.events, ...found.events],
    isLoading: false,
    nextToken: found.nextToken,
    position: isFirst ? found.position : last.position,
  };
}
