import { useCallback } from 'react';

import { useApi } from '../api/client';
import { type Answer, useAnswer } from '../api/useAnswer';
import { quoted } from '../filter/expression';
import type { FoundEvent } from '../records/record';
import { searchPage } from '../search/search';

/** The event of an id, unless it is at hand already; `null` if there is none. */
export function useEvent(id: string, known?: FoundEvent): Answer<FoundEvent | null> {
  const { opentrail } = useApi();
  return useAnswer(
    useCallback(
      async (signal) => {
        if (known) return known;
        const question = { Where: `event-id = ${quoted(id)}`, Categories: ['all'], Limit: 1 };
        return (await searchPage(opentrail, question, signal)).events[0] ?? null;
      },
      [opentrail, id, known],
    ),
  );
}
