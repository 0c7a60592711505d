import { StartImportCommand } from '@aws-sdk/client-cloudtrail';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { SaveForm } from '../ui/SaveForm';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { type ImportProblem, type ImportSettings, problems, startRequest } from './imports';
import { importRoute, lake } from './routes';
import { StorePicker } from './StorePicker';
import { holdsEvents } from './stores';
import { TEXT } from './text';

const IMPORTS = new URLSearchParams({ tab: 'imports' });

/** Begins an import. */
export default function CreateImportPage() {
  const text = useTexts(TEXT);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [settings, setSettings] = useState<ImportSettings>({
    destination: '',
    uri: '',
    region: api.region,
    role: `arn:aws:iam::${api.identity.Account}:role/log-reader`,
    since: '',
    until: '',
  });
  const [isTried, setTried] = useState(false);
  const found = problems(settings);

  const start = () =>
    run(text.importNotStarted, async () => {
      const started = await api.cloudtrail.send(new StartImportCommand(startRequest(settings)));
      succeeded(text.importStarted);
      go(fill(importRoute.path, { id: started.ImportId ?? '' }));
    });

  return (
    <Page
      title={text.createImport}
      description={text.importAbout}
      parents={[{ text: text.title, href: href(lake.path, IMPORTS) }]}
    >
      <SaveForm
        label={text.createImport}
        isBusy={isBusy}
        onCancel={() => {
          go(lake.path, IMPORTS);
        }}
        onSave={() => {
          setTried(true);
          if (found.size === 0) void start();
        }}
      >
        <Container header={<Header variant="h2">{text.from}</Header>}>
          <ImportFields settings={settings} onChange={setSettings} problems={isTried ? found : new Set()} />
        </Container>
      </SaveForm>
    </Page>
  );
}

interface ImportFieldsProps {
  settings: ImportSettings;
  onChange: (settings: ImportSettings) => void;
  problems: ReadonlySet<ImportProblem>;
}

function ImportFields({ settings, onChange, problems: found }: ImportFieldsProps) {
  const text = useTexts(TEXT);
  const input = (member: 'uri' | 'region' | 'role') => (
    <Input
      value={settings[member]}
      autoComplete={false}
      spellcheck={false}
      onChange={({ detail }) => {
        onChange({ ...settings, [member]: detail.value });
      }}
    />
  );
  return (
    <SpaceBetween size="m">
      <FormField label={text.uri} constraintText={text.uriHint} errorText={found.has('uri') && text.uriProblem}>
        {input('uri')}
      </FormField>
      <ColumnLayout columns={2}>
        <FormField label={text.bucketRegion} errorText={found.has('region') && text.required}>
          {input('region')}
        </FormField>
        <FormField label={text.role} constraintText={text.roleHint} errorText={found.has('role') && text.required}>
          {input('role')}
        </FormField>
      </ColumnLayout>
      <RangeFields settings={settings} onChange={onChange} />
      <StorePicker
        picked={settings.destination === '' ? [] : [settings.destination]}
        onPick={(arns) => {
          onChange({ ...settings, destination: arns.at(-1) ?? '' });
        }}
        accepts={holdsEvents}
        label={text.destination}
        hint=""
        none={text.noStores}
        error={found.has('destination') && text.required}
      />
    </SpaceBetween>
  );
}

function RangeFields({ settings, onChange }: Omit<ImportFieldsProps, 'problems'>) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const day = (member: 'since' | 'until') => (
    <DatePicker
      value={settings[member]}
      placeholder="YYYY/MM/DD"
      openCalendarAriaLabel={() => text[member]}
      onChange={({ detail }) => {
        onChange({ ...settings, [member]: detail.value });
      }}
    />
  );
  const label = (name: string) => (
    <>
      {name} <i>– {ui.optional}</i>
    </>
  );
  return (
    <ColumnLayout columns={2}>
      <FormField label={label(text.since)} constraintText={text.rangeHint}>
        {day('since')}
      </FormField>
      <FormField label={label(text.until)}>{day('until')}</FormField>
    </ColumnLayout>
  );
}
