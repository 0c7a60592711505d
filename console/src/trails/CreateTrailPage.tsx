import { CreateTrailCommand, PutEventSelectorsCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { type Api, useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { DEFAULT_OF_TRAILS, isComplete, type Selection, toApi } from '../selectors/selection';
import { SelectionEditor } from '../selectors/SelectionEditor';
import { TEXT as SELECTORS } from '../selectors/text';
import { SaveForm } from '../ui/SaveForm';
import { TagLines } from '../ui/TagLines';
import { type TagLine, tagsOf } from '../ui/tags';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { trail as trailRoute, trails as trailsRoute } from './routes';
import { createRequest, NEW_TRAIL, problems, type TrailSettings } from './settings';
import { TEXT } from './text';
import { TrailFields } from './TrailFields';

/** Makes a trail, sets what it delivers, and starts it. */
export default function CreateTrailPage() {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const selectors = useTexts(SELECTORS);
  const [settings, setSettings] = useState<TrailSettings>(NEW_TRAIL);
  const [selection, setSelection] = useState<Selection>(DEFAULT_OF_TRAILS);
  const [tags, setTags] = useState<readonly TagLine[]>([]);
  const [isTried, setTried] = useState(false);
  const { isBusy, create } = useCreation();
  const found = problems(settings);

  return (
    <Page title={text.create} parents={[{ text: text.title, href: href(trailsRoute.path) }]}>
      <SaveForm
        label={text.create}
        isBusy={isBusy}
        onCancel={() => {
          go(trailsRoute.path);
        }}
        onSave={() => {
          setTried(true);
          if (found.size === 0 && isComplete(selection)) void create(settings, selection, tags);
        }}
      >
        <SpaceBetween size="l">
          <TrailFields settings={settings} onChange={setSettings} problems={isTried ? found : new Set()} isNew />
          <Container header={<Header variant="h2">{selectors.title}</Header>}>
            <SelectionEditor subject="trail" selection={selection} onChange={setSelection} />
          </Container>
          <Container header={<Header variant="h2">{ui.tags}</Header>}>
            <TagLines lines={tags} onChange={setTags} />
          </Container>
        </SpaceBetween>
      </SaveForm>
    </Page>
  );
}

function useCreation() {
  const text = useTexts(TEXT);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const create = async (settings: TrailSettings, selection: Selection, tags: readonly TagLine[]) => {
    const request = { ...createRequest(settings), TagsList: tagsOf(tags) };
    if (!(await run(text.notCreated, () => api.cloudtrail.send(new CreateTrailCommand(request))))) return;
    // From here on there is a trail, whatever fails: its page shows how far it came.
    const name = settings.name.trim();
    if (await run(text.notStarted, () => begin(api, name, selection))) succeeded(text.created(name));
    go(fill(trailRoute.path, { region: api.region, name }));
  };
  return { isBusy, create };
}

async function begin(api: Api, name: string, selection: Selection): Promise<void> {
  if (selection !== DEFAULT_OF_TRAILS) {
    await api.cloudtrail.send(new PutEventSelectorsCommand({ TrailName: name, ...toApi(selection) }));
  }
  await api.cloudtrail.send(new StartLoggingCommand({ Name: name }));
}
