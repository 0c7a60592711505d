import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { lazy, type ReactNode, Suspense, useState } from 'react';

import { useApi } from '../api/client';
import { suggestCharts } from '../charts/chart';
import { TEXT as DASHBOARDS } from '../dashboards/text';
import { viewOfChart } from '../dashboards/view';
import { download } from '../file/download';
import { formatBytes, formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { useAction } from '../ui/useAction';
import { useQueryState } from '../ui/useQueryState';
import { fetchRows, type Rows } from './calls';
import { type FileKind, resultFile } from './file';
import { QueryState as State } from './QueryState';
import { ResultTable } from './ResultTable';
import { TEXT } from './text';
import type { QueryState } from './useQuery';

const ChartPanel = lazy(() => import('../charts/ChartPanel'));
const AddToDashboard = lazy(() => import('../dashboards/AddToDashboard'));

/** The rows of a query, as a table or a chart. */
export function ResultPanel({ state, statement }: { state: QueryState | undefined; statement: string }) {
  const text = useTexts(TEXT);
  const [view, setView] = useQueryState('view', 'table');
  const [kind, setKind] = useQueryState('chart');
  const rows = state?.rows;
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={rows && `(${String(rows.total)})`}
          description={state && <Statistics state={state} />}
          actions={
            rows && (
              <Actions id={state.id} view={view} onView={setView}>
                <ToDashboard statement={state.query?.QueryString ?? statement} rows={rows} chart={view === 'chart' ? kind : undefined} />
              </Actions>
            )
          }
        >
          {text.results}
        </Header>
      }
    >
      <div aria-live="polite">
        {!state && <Box color="text-body-secondary">{text.nothingYet}</Box>}
        {rows?.rows.length === 0 && <Box>{text.noRows}</Box>}
      </div>
      {rows && rows.rows.length > 0 && (
        <SpaceBetween size="s">
          {view === 'chart' ? (
            <Suspense fallback={<Spinner />}>
              <ChartPanel result={rows} title={statement} kind={kind} onKind={setKind} />
            </Suspense>
          ) : (
            <ResultTable key={state?.id} rows={rows} />
          )}
          <Cut rows={rows} />
        </SpaceBetween>
      )}
    </Container>
  );
}

/** Tells when there is more than what is shown. */
function Cut({ rows }: { rows: Rows }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  if (rows.total <= rows.rows.length) return null;
  return <Box>{text.shown(formatCount(rows.rows.length, language), formatCount(rows.total, language))}</Box>;
}

function Statistics({ state }: { state: QueryState }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const statistics = state.query?.QueryStatistics;
  const seconds = ((statistics?.ExecutionTimeInMillis ?? 0) / 1000).toFixed(2);
  return (
    <SpaceBetween direction="horizontal" size="s">
      <State status={state.query?.QueryStatus} />
      {statistics &&
        text.statistics(
          formatCount(statistics.EventsMatched ?? 0, language),
          formatCount(statistics.EventsScanned ?? 0, language),
          formatBytes(statistics.BytesScanned ?? 0, language),
          `${seconds} s`,
        )}
    </SpaceBetween>
  );
}

/** The statement that gave these rows becomes a widget, which shows them as they are shown here. */
function ToDashboard({ statement, rows, chart }: { statement: string; rows: Rows; chart: string | undefined }) {
  const text = useTexts(DASHBOARDS);
  const [isOpen, setOpen] = useState(false);
  const charts = chart === undefined ? [] : suggestCharts(rows);
  const shown = charts.find(({ kind }) => kind === chart) ?? charts[0];
  return (
    <>
      <Button
        onClick={() => {
          setOpen(true);
        }}
      >
        {text.addToDashboard}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <AddToDashboard
            statement={statement}
            kind={viewOfChart(shown?.kind)}
            onDismiss={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

interface ActionsProps {
  id: string;
  view: string;
  onView: (view: string) => void;
  children: ReactNode;
}

function Actions({ id, view, onView, children }: ActionsProps) {
  const text = useTexts(TEXT);
  const api = useApi();
  const { isBusy, run } = useAction();
  const save = (kind: FileKind) =>
    run(text.notDownloaded, async () => {
      const all = await fetchRows(api, id, new AbortController().signal, Number.MAX_SAFE_INTEGER);
      download(resultFile(all, kind), `query-${id}.${kind}`);
    });
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <SegmentedControl
        label={text.view}
        selectedId={view}
        options={(['table', 'chart'] as const).map((it) => ({ id: it, text: text.views[it] }))}
        onChange={({ detail }) => {
          onView(detail.selectedId);
        }}
      />
      <ButtonDropdown
        loading={isBusy}
        items={[
          { id: 'csv', text: text.downloadCsv },
          { id: 'json', text: text.downloadJson },
        ]}
        onItemClick={({ detail }) => void save(detail.id as FileKind)}
      >
        {text.download}
      </ButtonDropdown>
      {children}
    </SpaceBetween>
  );
}
