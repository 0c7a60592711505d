import type { Trail } from '@aws-sdk/client-cloudtrail';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useCallback } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { InRegion } from '../app/InRegion';
import { Page } from '../app/Page';
import { href } from '../app/place';
import type { PageProps } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Failure } from '../ui/Failure';
import { TagsPanel } from '../ui/TagsPanel';
import { useQueryState } from '../ui/useQueryState';
import { getTrail, trailArn, trailStatus } from './calls';
import { DeliveryPanel } from './DeliveryPanel';
import { InsightsPanel } from './InsightsPanel';
import { trails as trailsRoute } from './routes';
import { SelectionPanel } from './SelectionPanel';
import { SettingsPanel } from './SettingsPanel';
import { TEXT } from './text';
import { TrailActions } from './TrailActions';
import { VerifyPanel } from './VerifyPanel';

/** One trail: its settings, how it does, what it delivers, and whether that can be proven. */
export default function TrailPage({ params }: PageProps) {
  const { region = '', name = '' } = params;
  return (
    <InRegion region={region}>
      <TrailAtHome name={name} />
    </InRegion>
  );
}

function TrailAtHome({ name }: { name: string }) {
  const text = useTexts(TEXT);
  const api = useApi();
  const arn = trailArn(api, name);
  const loaded = useAnswer(
    useCallback(
      async (signal: AbortSignal) => {
        const [trail, status] = await Promise.all([getTrail(api, arn, signal), trailStatus(api, arn, signal)]);
        return { trail, status };
      },
      [api, arn],
    ),
  );
  return (
    <Page
      title={name}
      parents={[{ text: text.title, href: href(trailsRoute.path) }]}
      isLoading={!loaded.value && loaded.isLoading}
      actions={loaded.value && <TrailActions {...loaded.value} isLoading={loaded.isLoading} reload={loaded.reload} />}
    >
      <SpaceBetween size="l">
        {loaded.error !== undefined && <Failure error={loaded.error} onRetry={loaded.reload} />}
        {loaded.value && (
          <TrailTabs
            arn={arn}
            trail={loaded.value.trail}
            overview={
              <SpaceBetween size="l">
                <DeliveryPanel status={loaded.value.status} />
                <SettingsPanel trail={loaded.value.trail} />
              </SpaceBetween>
            }
          />
        )}
      </SpaceBetween>
    </Page>
  );
}

interface TrailTabsProps {
  arn: string;
  trail: Trail;
  overview: React.ReactNode;
}

function TrailTabs({ arn, trail, overview }: TrailTabsProps) {
  const text = useTexts(TEXT);
  const [tab, setTab] = useQueryState('tab', 'overview');
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => {
        setTab(detail.activeTabId);
      }}
      tabs={[
        { id: 'overview', label: text.tabs.overview, content: overview },
        {
          id: 'events',
          label: text.tabs.events,
          content: (
            <SpaceBetween size="l">
              <SelectionPanel trail={trail} />
              <InsightsPanel arn={arn} />
            </SpaceBetween>
          ),
        },
        { id: 'verify', label: text.tabs.verify, content: <VerifyPanel arn={arn} /> },
        { id: 'tags', label: text.tabs.tags, content: <TagsPanel arn={arn} /> },
      ]}
    />
  );
}
