import Tabs from '@cloudscape-design/components/tabs';

import { Page } from '../app/Page';
import { useTexts } from '../i18n/useTexts';
import { useQueryState } from '../ui/useQueryState';
import { ChannelsTable } from './ChannelsTable';
import { ImportsTable } from './ImportsTable';
import { StoresTable } from './StoresTable';
import { TEXT } from './text';

/** What there is in the lake, and how it comes in. */
export default function LakePage() {
  const text = useTexts(TEXT);
  const [tab, setTab] = useQueryState('tab', 'stores');
  return (
    <Page title={text.title} description={text.about}>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => {
          setTab(detail.activeTabId);
        }}
        tabs={[
          { id: 'stores', label: text.tabs.stores, content: <StoresTable /> },
          { id: 'channels', label: text.tabs.channels, content: <ChannelsTable /> },
          { id: 'imports', label: text.tabs.imports, content: <ImportsTable /> },
        ]}
      />
    </Page>
  );
}
