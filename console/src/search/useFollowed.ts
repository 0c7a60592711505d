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

/**
 * The events that arrive while `isOn`, after those of a search that answered as of `position`. What has arrived stays when
 * following pauses.
 */
export function useFollowed(asked: Asked, position: number | undefined, isOn: boolean): Followed {
  const { opentrail } = useApi();
  const [followed, setFollowed] = useState<Followed & { asked: Asked }>({ asked, events: [] });
  // What arrived for another question isn't shown as the answer to this one.
  if (followed.asked !== asked) setFollowed({ asked, events: [] });

  useEffect(() => {
    if (!isOn || position === undefined) return;
    const called = new AbortController();
    let waiting: FoundEvent[] = [];
    // The server tells all since the search, also when following goes on after a pause: the first arrivals take the place of the old ones.
    let isFirst = true;
    const show = () => {
      if (waiting.length === 0) return;
      const [arrived, isBeginning] = [waiting.reverse(), isFirst];
      waiting = [];
      isFirst = false;
      setFollowed((last) => ({ asked, events: [...arrived, ...(isBeginning ? [] : last.events)].slice(0, FOLLOWED_MAX) }));
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
    };
  }, [opentrail, asked, position, isOn]);

  return { events: followed.events, error: isOn ? followed.error : undefined };
}
