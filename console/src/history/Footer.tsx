import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { withReads } from '../filter/reads';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { type Events, EVENTS_MAX } from '../search/useEvents';
import { Failure } from '../ui/Failure';
import { TEXT } from './text';
import type { HistoryState } from './useHistory';

/** What is below the last event: more to come, nothing at all, or why not. */
export function Footer({ found, shown, history }: { found: Events; shown: number; history: HistoryState }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  if (found.error !== undefined) return <Failure header={text.loadFailed} error={found.error} onRetry={history.refresh} />;
  if (found.isLoading) return <><Spinner /> {shown === 0 ? text.loading : text.loadingMore}</>;
  if (shown === 0) return <Nothing history={history} />;
  if (found.hasMore) return text.loadingMore;
  if (found.events.length < EVENTS_MAX) return text.end(formatCount(shown, language));
  const last = found.events.at(-1)?.time;
  const first = '1970-01-01T00:00:00.000Z';
  return (
    <SpaceBetween size="xs" alignItems="center">
      {text.tooMany(formatCount(shown, language))}
      <Button onClick={() => { history.ask({ range: { type: 'absolute', from: history.asked.StartTime ?? first, to: last ?? first } }); }}>
        {text.goOn}
      </Button>
    </SpaceBetween>
  );
}

function Nothing({ history }: { history: HistoryState }) {
  const text = useTexts(TEXT);
  const { range, query } = history.question;
  const isWhole = range === undefined && withReads(query).parts.length === 0;
  return (
    <SpaceBetween size="s" alignItems="center">
      <Box variant="strong">{text.noEvents}</Box>
      {isWhole ? (
        <>
          {text.noneYet}
          <Box variant="code">opentrail import ./AWSLogs</Box>
        </>
      ) : (
        text.noEventsHint
      )}
      {range && <Button onClick={() => { history.ask({ range: undefined }); }}>{text.wholeHistory}</Button>}
    </SpaceBetween>
  );
}
