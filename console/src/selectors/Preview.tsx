import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useState } from 'react';

import { useApi } from '../api/client';
import { describeError, isAbort } from '../api/error';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { isComplete, type Selection, toApi } from './selection';
import { TEXT } from './text';

/** The answer of `OpenTrail.PreviewSelectors`. */
interface Counts {
  Matched: number;
  Examined: number;
  IsExact: boolean;
}

/** How long somebody has to pause before it is counted anew. */
const PAUSE_MS = 400;

/** How many of the last hour's events the selectors would have matched, while one edits them. */
export function Preview({ selection }: { selection: Selection }) {
  const text = useTexts(TEXT);
  const { counts, error } = useCounts(selection);
  return (
    <Alert type="info" header={text.preview}>
      <div aria-live="polite" data-testid="selector-preview">
        {!isComplete(selection) && text.incomplete}
        {isComplete(selection) && error !== undefined && (
          <StatusIndicator type="error">
            {text.previewFailed}: {describeError(error).message}
          </StatusIndicator>
        )}
        {isComplete(selection) && error === undefined && <Sentence counts={counts} />}
      </div>
    </Alert>
  );
}

function Sentence({ counts }: { counts: Counts | undefined }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  if (!counts) return <StatusIndicator type="loading">{text.previewing}</StatusIndicator>;
  const say = counts.IsExact ? text.matched : text.matchedAtLeast;
  return (
    <Box fontWeight="bold">{say(formatCount(counts.Matched, language), formatCount(counts.Examined, language))}</Box>
  );
}

function useCounts(selection: Selection): { counts?: Counts; error?: unknown } {
  const { opentrail } = useApi();
  const [settled, setSettled] = useState<{ counts?: Counts; error?: unknown }>({});
  // The same selectors are the same question, however often the form is drawn.
  const question = isComplete(selection) ? JSON.stringify(toApi(selection)) : undefined;

  useEffect(() => {
    if (question === undefined) return undefined;
    const called = new AbortController();
    const timer = setTimeout(() => {
      opentrail.call<Counts>('PreviewSelectors', JSON.parse(question) as object, called.signal).then(
        (counts) => {
          setSettled({ counts });
        },
        (error: unknown) => {
          if (!isAbort(error)) setSettled({ error });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      called.abort();
    };
  }, [opentrail, question]);

  return settled;
}
