import { CreateChannelCommand } from '@aws-sdk/client-cloudtrail';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Container from '@cloudscape-design/components/container';
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
import { useAction } from '../ui/useAction';
import { CHANNEL_SOURCES, destinationsOf } from './channels';
import { channel as channelRoute, lake } from './routes';
import { StorePicker } from './StorePicker';
import { categoryOf, idOf } from './stores';
import { TEXT } from './text';

const CHANNELS = new URLSearchParams({ tab: 'channels' });

/** Makes a channel. */
export default function CreateChannelPage() {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [name, setName] = useState('');
  const [source, setSource] = useState('Custom');
  const [stores, setStores] = useState<readonly string[]>([]);
  const [isTried, setTried] = useState(false);

  const create = () =>
    run(text.channelNotCreated, async () => {
      const input = { Name: name.trim(), Source: source.trim(), Destinations: destinationsOf(stores) };
      const made = await cloudtrail.send(new CreateChannelCommand(input));
      succeeded(text.channelCreated(name));
      go(fill(channelRoute.path, { id: idOf(made.ChannelArn) }));
    });

  return (
    <Page title={text.createChannel} parents={[{ text: text.title, href: href(lake.path, CHANNELS) }]}>
      <SaveForm
        label={text.createChannel}
        isBusy={isBusy}
        onCancel={() => {
          go(lake.path, CHANNELS);
        }}
        onSave={() => {
          setTried(true);
          if (name.trim() !== '' && source.trim() !== '' && stores.length > 0) void create();
        }}
      >
        <Container header={<Header variant="h2">{text.general}</Header>}>
          <SpaceBetween size="m">
            <FormField
              label={text.name}
              constraintText={text.nameHint}
              errorText={isTried && name.trim() === '' && text.required}
            >
              <Input
                value={name}
                autoFocus
                autoComplete={false}
                onChange={({ detail }) => {
                  setName(detail.value);
                }}
              />
            </FormField>
            <FormField
              label={text.source}
              constraintText={text.sourceHint}
              errorText={isTried && source.trim() === '' && text.required}
            >
              <Autosuggest
                value={source}
                options={CHANNEL_SOURCES.map((value) => ({ value }))}
                ariaLabel={text.source}
                onChange={({ detail }) => {
                  setSource(detail.value);
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
              error={isTried && stores.length === 0 && text.required}
            />
          </SpaceBetween>
        </Container>
      </SaveForm>
    </Page>
  );
}
