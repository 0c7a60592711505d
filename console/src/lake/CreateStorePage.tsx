import { CreateEventDataStoreCommand } from '@aws-sdk/client-cloudtrail';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { isComplete } from '../selectors/selection';
import { SaveForm } from '../ui/SaveForm';
import { TagLines } from '../ui/TagLines';
import { type TagLine, tagsOf } from '../ui/tags';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { lake, store as storeRoute } from './routes';
import { StoreFields } from './StoreFields';
import { createRequest, idOf, NEW_STORE, problems, type StoreSettings } from './stores';
import { TEXT } from './text';

/** Makes an event data store. */
export default function CreateStorePage() {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [settings, setSettings] = useState<StoreSettings>(NEW_STORE);
  const [tags, setTags] = useState<readonly TagLine[]>([]);
  const [isTried, setTried] = useState(false);
  const found = problems(settings);

  const create = () =>
    run(text.storeNotCreated, async () => {
      const request = { ...createRequest(settings), TagsList: tagsOf(tags) };
      const made = await cloudtrail.send(new CreateEventDataStoreCommand(request));
      succeeded(text.storeCreated(settings.name.trim()));
      go(fill(storeRoute.path, { id: idOf(made.EventDataStoreArn) }));
    });

  return (
    <Page title={text.createStore} parents={[{ text: text.title, href: href(lake.path) }]}>
      <SaveForm
        label={text.createStore}
        isBusy={isBusy}
        onCancel={() => {
          go(lake.path);
        }}
        onSave={() => {
          setTried(true);
          if (found.size === 0 && isComplete(settings.selection)) void create();
        }}
      >
        <SpaceBetween size="l">
          <StoreFields
            settings={settings}
            onChange={setSettings}
            problems={isTried ? found : new Set()}
            isNew
            hasKey={false}
          />
          <Container header={<Header variant="h2">{ui.tags}</Header>}>
            <TagLines lines={tags} onChange={setTags} />
          </Container>
        </SpaceBetween>
      </SaveForm>
    </Page>
  );
}
