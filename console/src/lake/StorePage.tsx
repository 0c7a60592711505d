import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useCallback } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { href } from '../app/place';
import type { PageProps } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { fromApi } from '../selectors/selection';
import { SelectionView } from '../selectors/SelectionView';
import { Failure } from '../ui/Failure';
import { PolicyPanel } from '../ui/PolicyPanel';
import { TagsPanel } from '../ui/TagsPanel';
import { useQueryState } from '../ui/useQueryState';
import { EnrichmentPanel } from './EnrichmentPanel';
import { FederationPanel } from './FederationPanel';
import { lake } from './routes';
import { StoreActions } from './StoreActions';
import { StoreInsightsPanel } from './StoreInsightsPanel';
import { StorePanel } from './StorePanel';
import { categoryOf, getStore, type Store } from './stores';
import { TEXT } from './text';

/** One event data store. */
export default function StorePage({ params }: PageProps) {
  const { id = '' } = params;
  const text = useTexts(TEXT);
  const api = useApi();
  const store = useAnswer(useCallback((signal: AbortSignal) => getStore(api, id, signal), [api, id]));
  return (
    <Page
      title={store.value?.Name ?? id}
      parents={[{ text: text.title, href: href(lake.path) }]}
      isLoading={!store.value && store.isLoading}
      actions={store.value && <StoreActions store={store.value} isLoading={store.isLoading} reload={store.reload} />}
    >
      <SpaceBetween size="l">
        {store.error !== undefined && <Failure error={store.error} onRetry={store.reload} />}
        {store.value && <StoreTabs store={store.value} reload={store.reload} />}
      </SpaceBetween>
    </Page>
  );
}

function StoreTabs({ store, reload }: { store: Store; reload: () => void }) {
  const text = useTexts(TEXT);
  const [tab, setTab] = useQueryState('tab', 'overview');
  const arn = store.EventDataStoreArn ?? '';
  const isResting = store.Status === 'PENDING_DELETION';
  const isConfigurable = !isResting && categoryOf(store) === 'Management';
  const overview = (
    <SpaceBetween size="l">
      <StorePanel store={store} />
      {!isResting && <FederationPanel store={store} reload={reload} />}
    </SpaceBetween>
  );
  const events = (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{text.selection}</Header>}>
        <SelectionView selection={fromApi(store)} />
      </Container>
      {isConfigurable && <EnrichmentPanel arn={arn} />}
      {isConfigurable && <StoreInsightsPanel arn={arn} />}
    </SpaceBetween>
  );
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => {
        setTab(detail.activeTabId);
      }}
      tabs={[
        { id: 'overview', label: text.detailTabs.overview, content: overview },
        { id: 'events', label: text.detailTabs.events, content: events },
        ...(isResting
          ? []
          : [
              { id: 'policy', label: text.detailTabs.policy, content: <PolicyPanel arn={arn} /> },
              { id: 'tags', label: text.detailTabs.tags, content: <TagsPanel arn={arn} /> },
            ]),
      ]}
    />
  );
}
