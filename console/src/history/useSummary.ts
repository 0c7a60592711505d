import { useCallback, useEffect, useEffectEvent, useState } from 'react';

import { useApi } from '../api/client';
import { type Answer, useAnswer } from '../api/useAnswer';
import { isRead } from '../filter/reads';
import type { FoundEvent } from '../records/record';
import { type Asked, askedByNow } from '../search/question';
import { summarize, type Summary } from '../search/search';
import { FACETS } from './Facets';
import type { HistoryState } from './useHistory';

const BUCKETS = 80;
const TOP = 8;
/** How long arrivals wait to be counted: who follows sees bars grow, and can still read the numbers. */
const RECOUNT_MS = 3_000;

/** The question as of a later time, when arrivals have been counted, too. */
interface Recount {
  of: Asked;
  asked: Asked;
  newest: string;
}

/** What is counted of the events that are shown; anew, and without being shown as loading, when others have arrived. */
export function useSummary({ question, asked }: Pick<HistoryState, 'question' | 'asked'>, arrived: readonly FoundEvent[]): Answer<Summary> {
  const { opentrail } = useApi();
  const [recount, setRecount] = useState<Recount>();
  const known = recount?.of === asked ? recount : undefined;
  const current = known?.asked ?? asked;
  const summary = useAnswer(
    useCallback((signal) => summarize(opentrail, { ...current, Buckets: BUCKETS, Facets: FACETS, Top: TOP }, signal), [opentrail, current]),
  );

  // Counting is a call that is recorded, and so arrives itself: it alone is no reason to count again.
  const newest = arrived.find(({ record }) => !isRead(record))?.id;
  const isDue = newest !== undefined && newest !== known?.newest && !summary.isLoading;
  const count = useEffectEvent(() => {
    if (newest !== undefined) setRecount({ of: asked, asked: askedByNow(question, new Date()), newest });
  });
  useEffect(() => {
    if (!isDue) return;
    const timer = window.setTimeout(() => { count(); }, RECOUNT_MS);
    return () => { window.clearTimeout(timer); };
  }, [isDue]);

  return { ...summary, isLoading: summary.isLoading && !known };
}
