import {
  type GetImportResponse,
  type ImportFailureListItem,
  StartImportCommand,
  StopImportCommand,
} from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { href } from '../app/place';
import { fill, type PageProps } from '../app/route';
import { formatCount, formatTime } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { Failure } from '../ui/Failure';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { PlaceLink } from '../ui/PlaceLink';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { usePolling } from '../ui/usePolling';
import { getImport, isGoingOn, listFailures, percentDone } from './imports';
import { ImportState } from './ImportState';
import { lake, store as storeRoute } from './routes';
import { idOf } from './stores';
import { TEXT } from './text';

/** How far an import is, and what of it failed. */
export default function ImportPage({ params }: PageProps) {
  const { id = '' } = params;
  const text = useTexts(TEXT);
  const api = useApi();
  const found = useAnswer(useCallback((signal: AbortSignal) => getImport(api, id, signal), [api, id]));
  usePolling(isGoingOn(found.value?.ImportStatus), found.reload);
  return (
    <Page
      title={text.import(id)}
      parents={[{ text: text.title, href: href(lake.path, new URLSearchParams({ tab: 'imports' })) }]}
      isLoading={!found.value && found.isLoading}
      actions={found.value && <ImportActions id={id} found={found.value} reload={found.reload} />}
    >
      <SpaceBetween size="l">
        {found.error !== undefined && <Failure error={found.error} onRetry={found.reload} />}
        {found.value && <ProgressPanel found={found.value} />}
        {found.value && <SourcePanel found={found.value} />}
        {found.value && <FailuresPanel key={found.value.ImportStatistics?.FailedEntries} id={id} />}
      </SpaceBetween>
    </Page>
  );
}

function ImportActions({ id, found, reload }: { id: string; found: GetImportResponse; reload: () => void }) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { isBusy, run } = useAction();
  const input = { ImportId: id };
  const stop = async () => {
    if (await run(text.importNotStopped, () => cloudtrail.send(new StopImportCommand(input)))) reload();
  };
  const retry = async () => {
    if (await run(text.importNotStarted, () => cloudtrail.send(new StartImportCommand(input)))) reload();
  };
  if (found.ImportStatus === 'COMPLETED') return null;
  return isGoingOn(found.ImportStatus) ? (
    <Button loading={isBusy} onClick={() => void stop()}>
      {text.stopImport}
    </Button>
  ) : (
    <Button loading={isBusy} onClick={() => void retry()}>
      {text.retryImport}
    </Button>
  );
}

function ProgressPanel({ found }: { found: GetImportResponse }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const statistics = found.ImportStatistics;
  const count = (value: number | undefined) => formatCount(value ?? 0, language);
  return (
    <Container header={<Header variant="h2">{text.progress}</Header>}>
      <SpaceBetween size="m">
        <ImportState status={found.ImportStatus} />
        <ProgressBar
          value={percentDone(found.ImportStatus, statistics)}
          ariaLabel={text.progress}
          description={`${text.prefixes}: ${text.of(count(statistics?.PrefixesCompleted), count(statistics?.PrefixesFound))}`}
        />
        <KeyValuePairs
          columns={4}
          items={[
            { label: text.files, value: count(statistics?.FilesCompleted) },
            { label: text.events, value: count(statistics?.EventsCompleted) },
            { label: text.failures, value: count(statistics?.FailedEntries) },
            { label: text.updated, value: <Ago at={found.UpdatedTimestamp} /> },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

function SourcePanel({ found }: { found: GetImportResponse }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const source = found.ImportSource?.S3;
  const store = idOf(found.Destinations?.[0]);
  const at = (time: Date | undefined) => (time ? formatTime(time) : ui.none);
  return (
    <Container header={<Header variant="h2">{text.settings}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: text.uri, value: source?.S3LocationUri },
          { label: text.bucketRegion, value: source?.S3BucketRegion },
          { label: text.role, value: source?.S3BucketAccessRoleArn },
          {
            label: text.destination,
            value: <PlaceLink path={fill(storeRoute.path, { id: store })}>{store}</PlaceLink>,
          },
          { label: text.since, value: at(found.StartEventTime) },
          { label: text.until, value: at(found.EndEventTime) },
        ]}
      />
    </Container>
  );
}

function FailuresPanel({ id }: { id: string }) {
  const text = useTexts(TEXT);
  const api = useApi();
  const failures = useAnswer(useCallback((signal: AbortSignal) => listFailures(api, id, signal), [api, id]));
  const columns = useMemo<readonly ItemColumn<ImportFailureListItem>[]>(
    () => [
      {
        id: 'location',
        header: text.location,
        isRowHeader: true,
        value: (item) => item.Location ?? '',
        cell: (item) => <span className="mono">{item.Location}</span>,
      },
      {
        id: 'status',
        header: text.status,
        value: (item) => item.Status ?? '',
        cell: (item) => text.failureStatuses[item.Status ?? 'FAILED'],
      },
      { id: 'type', header: text.errorType, value: (item) => item.ErrorType ?? '', cell: (item) => item.ErrorType },
      {
        id: 'message',
        header: text.message,
        value: (item) => item.ErrorMessage ?? '',
        cell: (item) => item.ErrorMessage,
      },
      {
        id: 'at',
        header: text.at,
        value: (item) => item.LastUpdatedTime?.getTime() ?? 0,
        cell: (item) => <Ago at={item.LastUpdatedTime} />,
      },
    ],
    [text],
  );
  return (
    <ItemTable
      title={text.failures}
      answer={failures}
      columns={columns}
      id={(item) => item.Location ?? ''}
      empty={text.noFailures}
    />
  );
}
