import { useCallback, useEffect, useState } from 'react';

import { isAbort } from './error';

/** What is known of an answer: what was last received stays while the next one is on its way. */
export interface Answer<T> {
  value?: T;
  error?: unknown;
  isLoading: boolean;
  reload: () => void;
}

/**
 * Asks when `ask` changes (keep it with `useCallback`), calling off what is still on its way.
 *
 * `const trails = useAnswer(useCallback((signal) => api.cloudtrail.send(…, { abortSignal: signal }), [api]))`
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [settled, setSettled] = useState<{ question: object; value?: T; error?: unknown }>();
  const [round, setRound] = useState(0);
  const [question, setQuestion] = useState<{ ask: typeof ask; round: number }>({ ask, round });
  // A new question is noted while rendering, so that no frame shows the old answer as if it were the new one's.
  if (question.ask !== ask || question.round !== round) setQuestion({ ask, round });

  useEffect(() => {
    const called = new AbortController();
    question.ask(called.signal).then(
      (value) => {
        if (!called.signal.aborted) setSettled({ question, value });
      },
      (error: unknown) => {
        if (!called.signal.aborted && !isAbort(error)) {
          setSettled((last) => ({ question, value: last?.value, error }));
        }
      },
    );
    return () => {
      called.abort();
    };
  }, [question]);

  const reload = useCallback(() => {
    setRound((last) => last + 1);
  }, []);
  const isLoading = settled?.question !== question;
  return { value: settled?.value, error: isLoading ? undefined : settled?.error, isLoading, reload };
}
