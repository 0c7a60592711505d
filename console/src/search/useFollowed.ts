import { useEffect, useState } from 'react';

import { useApi } from '../api/client';
import { isAbort } from '../api/error';
import type { FoundEvent } from '../records/record';
import type { Asked } from './question';
import { follow } from './search';

/** How often arrivals are shown: more often than that nobody sees. */
const SHOW_MS = 250;
const FOLLOWED_MAX = 5_000;

export interface Followed {
  /** Newest first. */
  events: readonly FoundEvent[];
  error?: unknown;
}

const NONE: Followed = { events: [] };

/** The events that arrive while `isOn`, after those of a search that answered as of `position`. */
export function useFollowed(asked: Asked, position: number | undefined, isOn: boolean): Followed {
  const { opentrail } = useApi();
  const [followed, setFollowed] = useState<Followed>(NONE);

  useEffect(() => {
    if (!isOn || position === undefined) return;
    const called = new AbortController();
    let waiting: FoundEvent[] = [];
    const show = () => {
      if (waiting.length === 0) return;
      const arrived = waiting.reverse();
      waiting = [];
      setFollowed((last) => ({ events: [...arrived, ...last.events].slice(0, FOLLOWED_MAX) }));
    };
    const timer = window.setInterval(show, SHOW_MS);
    const { Where, Categories } = asked;
    const endless = { Categories, ...(Where !== undefined && { Where }) };
    follow(opentrail, endless, position, called.signal, (event) => waiting.push(event)).catch((error: unknown) => {
      if (!called.signal.aborted && !isAbort(error)) setFollowed((last) => ({ ...last, error }));
    });
    return () => {
      called.abort();
      window.clearInterval(timer);
      setFollowed(NONE);
    };
  }, [opentrail, asked, position, isOn]);

  return followed;
}
