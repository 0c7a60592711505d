import SpaceBetween from '@cloudscape-design/components/space-between';

import { Page } from '../app/Page';
import { useTexts } from '../i18n/useTexts';
import { KeysPanel } from './KeysPanel';
import { PreferencesPanel } from './PreferencesPanel';
import { TEXT } from './text';

/** How the console looks, and who may call the server. */
export default function SettingsPage() {
  const text = useTexts(TEXT);
  return (
    <Page title={text.title}>
      <SpaceBetween size="l">
        <KeysPanel />
        <PreferencesPanel />
      </SpaceBetween>
    </Page>
  );
}
