import type { GetDashboardResponse } from '@aws-sdk/client-cloudtrail';
import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { href } from '../app/place';
import type { PageProps } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { holdsEvents, idOf, listStores, type Store } from '../lake/stores';
import { Failure } from '../ui/Failure';
import { useQueryState } from '../ui/useQueryState';
import { dashboardArn, getDashboard } from './calls';
import { DashboardActions } from './DashboardActions';
import { DashboardEditor } from './DashboardEditor';
import { isRange } from './range';
import { RangeBar } from './RangeBar';
import { dashboards as dashboardsRoute } from './routes';
import { TEXT } from './text';
import { useRefresh } from './useRefresh';
import { editedWidget } from './widget';
import { WidgetGrid } from './WidgetGrid';

/** One dashboard, to look at or to edit. */
export default function DashboardPage({ params }: PageProps) {
  const { name = '' } = params;
  const text = useTexts(TEXT);
  const api = useApi();
  const arn = dashboardArn(api, name);
  const loaded = useAnswer(
    useCallback(
      async (signal: AbortSignal) => {
        const [dashboard, stores] = await Promise.all([getDashboard(api, arn, signal), listStores(api, signal)]);
        return { dashboard, stores: stores.filter((store) => store.Status !== 'PENDING_DELETION') };
      },
      [api, arn],
    ),
  );
  const [rangeText, setRange] = useQueryState('range', '24h');
  const range = isRange(rangeText) ? rangeText : '24h';
  const [storeText, setStore] = useQueryState('store');
  const store = storeFor(loaded.value, storeText);
  const refresh = useRefresh(arn, loaded.value?.dashboard, range, store);
  const [edit, setEdit] = useQueryState('edit');
  // An editor begins with what is there, and what is there changes when it is saved.
  const [round, setRound] = useState(0);

  return (
    <Page
      title={name}
      parents={[{ text: text.title, href: href(dashboardsRoute.path) }]}
      isLoading={!loaded.value && loaded.isLoading}
      actions={
        loaded.value &&
        edit === '' && (
          <DashboardActions
            {...loaded.value}
            reload={loaded.reload}
            onEdit={() => {
              setEdit('1');
            }}
          />
        )
      }
    >
      <SpaceBetween size="l">
        {loaded.error !== undefined && <Failure error={loaded.error} onRetry={loaded.reload} />}
        {loaded.value?.dashboard.LastRefreshFailureReason && (
          <Alert type="warning" header={text.lastFailure}>
            {loaded.value.dashboard.LastRefreshFailureReason}
          </Alert>
        )}
        {loaded.value && edit !== '' && (
          <DashboardEditor
            key={round}
            arn={arn}
            {...loaded.value}
            refresh={refresh.id}
            onEnd={(isSaved) => {
              setEdit('');
              if (!isSaved) return;
              setRound((last) => last + 1);
              loaded.reload();
              void refresh.start(range, '');
            }}
          />
        )}
        {loaded.value && edit === '' && (
          <SpaceBetween size="l">
            <RangeBar
              range={range}
              onRange={(next) => {
                setRange(next);
                void refresh.start(next, store);
              }}
              stores={needsStore(loaded.value.dashboard) ? loaded.value.stores.filter(holdsEvents) : []}
              store={store}
              onStore={(next) => {
                setStore(next);
                void refresh.start(range, next);
              }}
              isBusy={refresh.isBusy}
              onRefresh={() => void refresh.start(range, store)}
            />
            <Widgets dashboard={loaded.value.dashboard} store={store} refresh={refresh.id} />
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Page>
  );
}

function needsStore(dashboard: GetDashboardResponse): boolean {
  return dashboard.Type === 'MANAGED';
}

/** The store that a managed dashboard is asked of: the chosen one, else the first that holds events. */
function storeFor(
  loaded: { dashboard: GetDashboardResponse; stores: readonly Store[] } | undefined,
  chosen: string,
): string {
  if (!loaded || !needsStore(loaded.dashboard)) return '';
  return chosen !== '' ? chosen : idOf(loaded.stores.find(holdsEvents)?.EventDataStoreArn);
}

interface WidgetsProps {
  dashboard: GetDashboardResponse;
  store: string;
  refresh: string | undefined;
}

function Widgets({ dashboard, store, refresh }: WidgetsProps) {
  const text = useTexts(TEXT);
  const widgets = (dashboard.Widgets ?? []).map(editedWidget);
  if (widgets.length === 0) return <Alert type="info">{text.noWidgets}</Alert>;
  if (needsStore(dashboard) && store === '') return <Alert type="info">{text.noStore}</Alert>;
  return <WidgetGrid widgets={widgets} refresh={refresh} />;
}
