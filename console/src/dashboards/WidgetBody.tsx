import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { lazy, Suspense, useCallback } from 'react';

import { type Api, useApi } from '../api/client';
import { describeError } from '../api/error';
import { useAnswer } from '../api/useAnswer';
import type { Cell, Result } from '../charts/result';
import { useTexts } from '../i18n/useTexts';
import type { Rows } from '../query/calls';
import { widgetRows } from './calls';
import { TEXT } from './text';
import { chartOf, type View } from './view';

const ResultChart = lazy(() => import('../charts/ResultChart'));

export interface WidgetBodyProps {
  alias: string;
  view: View;
  /** The refresh whose rows are shown; none yet. */
  refresh: string | undefined;
}

/** What a widget shows of a refresh. */
export function WidgetBody({ alias, view, refresh }: WidgetBodyProps) {
  const text = useTexts(TEXT);
  const api = useApi();
  const rows = useAnswer(useCallback((signal: AbortSignal) => ask(api, alias, refresh, signal), [api, alias, refresh]));
  if (refresh === undefined) return <Box color="text-body-secondary">{text.waiting}</Box>;
  if (rows.error !== undefined) {
    return <StatusIndicator type="error">{describeError(rows.error).message}</StatusIndicator>;
  }
  if (rows.isLoading || !rows.value) return <Spinner />;
  return <Drawn view={view} rows={rows.value} />;
}

function ask(api: Api, alias: string, refresh: string | undefined, signal: AbortSignal): Promise<Rows | undefined> {
  return refresh === undefined ? Promise.resolve(undefined) : widgetRows(api, alias, refresh, signal);
}

function Drawn({ view, rows }: { view: View; rows: Result }) {
  const text = useTexts(TEXT);
  if (rows.rows.length === 0) return <Box color="text-body-secondary">{text.noRows}</Box>;
  const chart = chartOf(view, rows);
  if (!chart) return <Rows title={view.title} rows={rows} />;
  return (
    <Suspense fallback={<Spinner />}>
      <ResultChart result={rows} chart={chart} title={view.title} fits />
    </Suspense>
  );
}

const ROWS_SHOWN = 100;

function Rows({ title, rows }: { title: string; rows: Result }) {
  return (
    <Table<readonly Cell[]>
      variant="embedded"
      contentDensity="compact"
      items={rows.rows.slice(0, ROWS_SHOWN)}
      ariaLabels={{ tableLabel: title }}
      wrapLines
      columnDefinitions={rows.columns.map((name, at) => ({
        id: String(at),
        header: name,
        cell: (row) => row[at] ?? '',
      }))}
    />
  );
}
