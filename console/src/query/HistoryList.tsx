import './query.css';

import type { Query } from '@aws-sdk/client-cloudtrail';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { Failure } from '../ui/Failure';
import { listQueries } from './calls';
import { QueryState } from './QueryState';
import { runStatements } from './statements';
import { TEXT } from './text';

export interface HistoryListProps {
  store: string;
  onOpen: (queryId: string, statement: string | undefined) => void;
}

/** What was run here, and what others ran on the store. */
export function HistoryList({ store, onOpen }: HistoryListProps) {
  const text = useTexts(TEXT);
  const [here] = useState(runStatements);
  return (
    <div className="pane" tabIndex={0} role="region" aria-label={text.tabs.history}>
      <SpaceBetween size="s">
        <Box variant="h4">{text.ranHere}</Box>
        {here.length === 0 && <Box color="text-body-secondary">{text.historyEmpty}</Box>}
        <ul>
          {here.map((run) => (
            <li key={run.queryId} className="entry">
              <Button
                variant="inline-link"
                ariaLabel={text.open(run.queryId)}
                onClick={() => {
                  onOpen(run.queryId, run.statement);
                }}
              >
                <Ago at={run.at} />
              </Button>
              <Box variant="small">
                <span className="statement mono">{run.statement}</span>
              </Box>
            </li>
          ))}
        </ul>
        {store !== '' && <StoreHistory store={store} onOpen={onOpen} />}
      </SpaceBetween>
    </div>
  );
}

function StoreHistory({ store, onOpen }: HistoryListProps) {
  const text = useTexts(TEXT);
  const api = useApi();
  const queries = useAnswer(useCallback((signal: AbortSignal) => listQueries(api, store, signal), [api, store]));
  return (
    <SpaceBetween size="s">
      <Box variant="h4">{text.ranOnStore}</Box>
      {queries.error !== undefined && <Failure error={queries.error} onRetry={queries.reload} />}
      {queries.value?.length === 0 && <Box color="text-body-secondary">{text.historyEmpty}</Box>}
      <ul>
        {(queries.value ?? []).map((query: Query) => (
          <li key={query.QueryId} className="entry">
            <Button
              variant="inline-link"
              ariaLabel={text.open(query.QueryId ?? '')}
              onClick={() => {
                onOpen(query.QueryId ?? '', undefined);
              }}
            >
              <Ago at={query.CreationTime} />
            </Button>
            <QueryState status={query.QueryStatus} />
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}
