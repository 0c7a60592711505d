import { DeleteChannelCommand, type GetChannelResponse, UpdateChannelCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import type { PageProps } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { ConfirmDelete } from '../ui/ConfirmDelete';
import { CopyText } from '../ui/CopyText';
import { Failure } from '../ui/Failure';
import { PolicyPanel } from '../ui/PolicyPanel';
import { TagsPanel } from '../ui/TagsPanel';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { useQueryState } from '../ui/useQueryState';
import { destinationsOf, getChannel } from './channels';
import { lake } from './routes';
import { StorePicker } from './StorePicker';
import { categoryOf } from './stores';
import { TEXT } from './text';

const CHANNELS = new URLSearchParams({ tab: 'channels' });

/** One channel: how it does, where it leads, and who may use it. */
export default function ChannelPage({ params }: PageProps) {
  const { id = '' } = params;
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const channel = useAnswer(useCallback((signal: AbortSignal) => getChannel(api, id, signal), [api, id]));
  const [isDeleting, setDeleting] = useState(false);
  const remove = (
    <Button
      onClick={() => {
        setDeleting(true);
      }}
    >
      {ui.remove}
    </Button>
  );
  return (
    <Page
      title={channel.value?.Name ?? id}
      parents={[{ text: text.title, href: href(lake.path, CHANNELS) }]}
      isLoading={!channel.value && channel.isLoading}
      actions={channel.value && remove}
    >
      <SpaceBetween size="l">
        {channel.error !== undefined && <Failure error={channel.error} onRetry={channel.reload} />}
        {channel.value && <ChannelTabs channel={channel.value} reload={channel.reload} />}
      </SpaceBetween>
      {isDeleting && channel.value && (
        <DeleteChannel
          channel={channel.value}
          onDismiss={() => {
            setDeleting(false);
          }}
        />
      )}
    </Page>
  );
}

function ChannelTabs({ channel, reload }: { channel: GetChannelResponse; reload: () => void }) {
  const text = useTexts(TEXT);
  const [tab, setTab] = useQueryState('tab', 'overview');
  const arn = channel.ChannelArn ?? '';
  const overview = (
    <SpaceBetween size="l">
      <StatusPanel channel={channel} />
      <SettingsPanel channel={channel} reload={reload} />
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
        { id: 'policy', label: text.detailTabs.policy, content: <PolicyPanel arn={arn} /> },
        { id: 'tags', label: text.detailTabs.tags, content: <TagsPanel arn={arn} /> },
      ]}
    />
  );
}

function StatusPanel({ channel }: { channel: GetChannelResponse }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const status = channel.IngestionStatus;
  return (
    <Container header={<Header variant="h2">{text.ingestion}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: text.arn, value: <CopyText text={channel.ChannelArn ?? ''} /> },
          { label: text.source, value: channel.Source },
          { label: text.lastSuccess, value: <Ago at={status?.LatestIngestionSuccessTime} /> },
          { label: text.lastAttempt, value: <Ago at={status?.LatestIngestionAttemptTime} /> },
          { label: text.lastError, value: status?.LatestIngestionErrorCode ?? ui.none },
        ]}
      />
    </Container>
  );
}

function SettingsPanel({ channel, reload }: { channel: GetChannelResponse; reload: () => void }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [name, setName] = useState(channel.Name ?? '');
  const [stores, setStores] = useState<readonly string[]>(() =>
    (channel.Destinations ?? []).map((destination) => destination.Location ?? ''),
  );
  const save = async () => {
    const input = { Channel: channel.ChannelArn, Name: name.trim(), Destinations: destinationsOf(stores) };
    if (!(await run(text.channelNotUpdated, () => cloudtrail.send(new UpdateChannelCommand(input))))) return;
    succeeded(text.channelUpdated);
    reload();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button loading={isBusy} disabled={stores.length === 0} onClick={() => void save()}>
              {ui.save}
            </Button>
          }
        >
          {text.settings}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label={text.name} constraintText={text.nameHint}>
          <Input
            value={name}
            onChange={({ detail }) => {
              setName(detail.value);
            }}
          />
        </FormField>
        <StorePicker
          picked={stores}
          onPick={setStores}
          accepts={(store) => categoryOf(store) === 'ActivityAuditLog'}
          label={text.destinations}
          hint={text.destinationsHint}
          none={text.noDestinations}
          error={stores.length === 0 && text.required}
        />
      </SpaceBetween>
    </Container>
  );
}

function DeleteChannel({ channel, onDismiss }: { channel: GetChannelResponse; onDismiss: () => void }) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const name = channel.Name ?? '';
  const remove = async () => {
    const input = { Channel: channel.ChannelArn };
    if (await run(text.channelNotDeleted, () => cloudtrail.send(new DeleteChannelCommand(input)))) {
      succeeded(text.channelDeleted(name));
      go(lake.path, CHANNELS);
    } else {
      onDismiss();
    }
  };
  return (
    <ConfirmDelete name={name} isBusy={isBusy} onConfirm={() => void remove()} onDismiss={onDismiss}>
      {text.deletesChannel}
    </ConfirmDelete>
  );
}
