import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';

import { type Preferences, usePreferences } from '../app/preferences';
import { TEXT as APP } from '../app/text';
import { LANGUAGES } from '../i18n/language';
import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';

/** Language, theme and density. */
export function PreferencesPanel() {
  const text = useTexts(TEXT);
  const app = useTexts(APP);
  const { preferences, change } = usePreferences();
  return (
    <Container
      header={
        <Header variant="h2" description={text.preferencesAbout}>
          {text.preferences}
        </Header>
      }
    >
      <ColumnLayout columns={3}>
        <FormField label={text.language}>
          <RadioGroup
            value={preferences.language}
            items={LANGUAGES.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={({ detail }) => {
              change({ language: detail.value as Preferences['language'] });
            }}
          />
        </FormField>
        <FormField label={text.theme}>
          <RadioGroup
            value={preferences.theme}
            items={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: app.themes[value] }))}
            onChange={({ detail }) => {
              change({ theme: detail.value as Preferences['theme'] });
            }}
          />
        </FormField>
        <FormField label={text.density}>
          <RadioGroup
            value={preferences.density}
            items={(['comfortable', 'compact'] as const).map((value) => ({ value, label: app.densities[value] }))}
            onChange={({ detail }) => {
              change({ density: detail.value as Preferences['density'] });
            }}
          />
        </FormField>
      </ColumnLayout>
    </Container>
  );
}
