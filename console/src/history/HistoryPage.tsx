import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import ToggleButton from '@cloudscape-design/components/toggle-button';
import { type ReactNode, useMemo, useState } from 'react';

import type { Answer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { EventPanel } from '../event/EventPanel';
import type { Attribute } from '../filter/attributes';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { FoundEvent } from '../records/record';
import type { Summary } from '../search/search';
import { useEvents } from '../search/useEvents';
import { useFollowed } from '../search/useFollowed';
import { Failure } from '../ui/Failure';
import { ColumnChooser } from './ColumnChooser';
import { readColumns, writeColumns } from './columns';
import { EventTable } from './EventTable';
import { type Export, useExport } from './useExport';
import { Facets } from './Facets';
import { Footer } from './Footer';
import { Histogram } from './Histogram';
import './history.css';
import { QueryBar } from './QueryBar';
import { route } from './route';
import { TEXT } from './text';
import { type HistoryState, useHistory } from './useHistory';
import { useSummary } from './useSummary';

/** Event history: who did what. */
export default function HistoryPage() {
  const text = useTexts(TEXT);
  const title = useTexts(route.title);
  const history = useHistory();
  const [columns, setColumns] = useState(readColumns);
  const found = useEvents(history.asked);
  const followed = useFollowed(history.asked, found.position, history.isFollowing);
  const summary = useSummary(history, followed.events);
  const counter = useCounter(summary.isLoading ? undefined : summary.value);
  const exporting = useExport(history.asked, columns);
  const events = useMemo(() => merged(followed.events, found.events), [followed.events, found.events]);
  const open = events.find((event) => event.id === history.openId);

  return (
    <Page
      title={title}
      counter={counter}
      actions={
        <Actions history={history} exporting={exporting} isLoading={found.isLoading}>
          <ColumnChooser
            columns={columns}
            onChange={(next) => {
              writeColumns(next);
              setColumns(next);
            }}
          />
        </Actions>
      }
      panel={{
        isOpen: history.openId !== undefined,
        onToggle: (isOpen) => { if (!isOpen) history.open(undefined); },
        content: history.openId !== undefined && <EventPanel id={history.openId} event={open} onFilter={history.filterBy} />,
      }}
    >
      <SpaceBetween size="s">
        <QueryBar history={history} />
        {history.isMisread && <Alert type="warning">{text.misread}</Alert>}
        {exporting.done !== undefined && <ExportProgress exporting={exporting} total={summary.value?.Total} />}
        {followed.error !== undefined && <Failure header={text.loadFailed} error={followed.error} />}
        <Over history={history} summary={summary} />
        <div className="history">
          <Beside history={history} summary={summary.value} />
          <EventTable
            events={events}
            columns={columns}
            openId={history.openId}
            onOpen={history.open}
            onFilter={history.filterBy}
            onEnd={found.loadMore}
            footer={<Footer found={found} shown={events.length} history={history} />}
          />
        </div>
      </SpaceBetween>
    </Page>
  );
}

/** What has just arrived, then what was found; an event that is in both is shown once. */
function merged(arrived: readonly FoundEvent[], found: readonly FoundEvent[]): readonly FoundEvent[] {
  if (arrived.length === 0) return found;
  const ids = new Set(arrived.map((event) => event.id));
  return [...arrived, ...found.filter((event) => !ids.has(event.id))];
}

function useCounter(summary: Summary | undefined): string | undefined {
  const text = useTexts(TEXT);
  const language = useLanguage();
  return summary && `(${text.found(formatCount(summary.Total, language), summary.IsExact)})`;
}

interface ActionsProps {
  history: HistoryState;
  exporting: Export;
  isLoading: boolean;
  children: ReactNode;
}

function Actions({ history, exporting, isLoading, children }: ActionsProps) {
  const text = useTexts(TEXT);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <ToggleButton
        pressed={history.isFollowing}
        iconName="caret-right-filled"
        pressedIconName="pause"
        onChange={({ detail }) => { history.setFollowing(detail.pressed); }}
      >
        {history.isFollowing ? text.following : text.follow}
      </ToggleButton>
      <ButtonDropdown
        items={[
          { id: 'csv', text: text.exportCsv },
          { id: 'json', text: text.exportJson },
        ]}
        disabled={exporting.done !== undefined}
        onItemClick={({ detail }) => { exporting.start(detail.id === 'csv' ? 'csv' : 'json'); }}
      >
        {text.export}
      </ButtonDropdown>
      <Button iconName="refresh" ariaLabel={text.refresh} loading={isLoading} onClick={history.refresh} />
      {children}
    </SpaceBetween>
  );
}

function ExportProgress({ exporting, total }: { exporting: Export; total?: number }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const done = exporting.done ?? 0;
  return (
    <ProgressBar
      value={total ? Math.min(100, (100 * done) / total) : 0}
      label={text.export}
      description={text.exporting(formatCount(done, language), total === undefined ? '?' : formatCount(total, language))}
      resultButtonText={text.cancel}
      additionalInfo={<Button variant="inline-link" onClick={exporting.cancel}>{text.cancel}</Button>}
    />
  );
}

function Over({ history, summary }: { history: HistoryState; summary: Answer<Summary> }) {
  const text = useTexts(TEXT);
  if (summary.error !== undefined) return <Failure header={text.summaryFailed} error={summary.error} onRetry={summary.reload} />;
  if (!summary.value) return <div className="history-histogram" />;
  const zoom = (from: string, to: string) => { history.ask({ range: { type: 'absolute', from, to } }); };
  return (
    <div className={`history-histogram${summary.isLoading ? ' is-stale' : ''}`}>
      <Histogram summary={summary.value} onZoom={zoom} />
    </div>
  );
}

function Beside({ history, summary }: { history: HistoryState; summary?: Summary }) {
  const text = useTexts(TEXT);
  const narrowing = {
    query: history.question.query,
    onToggle: history.toggle,
    onExclude: (attribute: Attribute, value: string) => { history.filterBy(attribute, '!=', value); },
  };
  const facets = <Facets facets={summary?.Facets ?? []} narrowing={narrowing} />;
  return (
    <div className="history-facets">
      <div className="history-facets-narrow">
        <ExpandableSection headerText={text.facets}>{facets}</ExpandableSection>
      </div>
      <div className="history-facets-wide">{facets}</div>
    </div>
  );
}
