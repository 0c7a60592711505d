import { PutEventSelectorsCommand, type Trail, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { InRegion } from '../app/InRegion';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import { fill, type PageProps } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { isComplete, type Selection, toApi } from '../selectors/selection';
import { SelectionEditor } from '../selectors/SelectionEditor';
import { TEXT as SELECTORS } from '../selectors/text';
import { Failure } from '../ui/Failure';
import { SaveForm } from '../ui/SaveForm';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { getSelection, getTrail, trailArn } from './calls';
import { editTrail, trail as trailRoute, trails as trailsRoute } from './routes';
import { problems, settingsOf, updateRequest } from './settings';
import { TEXT } from './text';
import { TrailFields } from './TrailFields';

/** Changes a trail: its settings, and what it delivers. */
export default function EditTrailPage({ params }: PageProps) {
  const { region = '', name = '' } = params;
  return (
    <InRegion region={region}>
      <EditTrailAtHome name={name} />
    </InRegion>
  );
}

function EditTrailAtHome({ name }: { name: string }) {
  const text = useTexts(TEXT);
  const title = useTexts(editTrail.title);
  const api = useApi();
  const arn = trailArn(api, name);
  const loaded = useAnswer(
    useCallback(
      async (signal: AbortSignal) => {
        const [trail, selection] = await Promise.all([getTrail(api, arn, signal), getSelection(api, arn, signal)]);
        return { trail, selection };
      },
      [api, arn],
    ),
  );
  const parents = [
    { text: text.title, href: href(trailsRoute.path) },
    { text: name, href: href(fill(trailRoute.path, { region: api.region, name })) },
  ];
  return (
    <Page title={title} parents={parents} isLoading={!loaded.value && loaded.isLoading}>
      {loaded.error !== undefined && <Failure error={loaded.error} onRetry={loaded.reload} />}
      {loaded.value && <EditForm arn={arn} {...loaded.value} />}
    </Page>
  );
}

function EditForm({ arn, trail, selection }: { arn: string; trail: Trail; selection: Selection }) {
  const ui = useTexts(UI);
  const selectors = useTexts(SELECTORS);
  const before = settingsOf(trail);
  const [settings, setSettings] = useState(before);
  const [selected, setSelected] = useState(selection);
  const { isBusy, save } = useUpdate(arn, trail);
  const found = problems(settings);
  return (
    <SaveForm
      label={ui.save}
      isBusy={isBusy}
      onCancel={() => {
        goToTrail(trail);
      }}
      onSave={() => {
        if (found.size > 0 || !isComplete(selected)) return;
        void save(updateRequest(arn, before, settings), selected === selection ? undefined : selected);
      }}
    >
      <SpaceBetween size="l">
        <TrailFields settings={settings} onChange={setSettings} problems={found} isNew={false} />
        <Container header={<Header variant="h2">{selectors.title}</Header>}>
          <SelectionEditor subject="trail" selection={selected} onChange={setSelected} />
        </Container>
      </SpaceBetween>
    </SaveForm>
  );
}

function goToTrail(trail: Trail): void {
  go(fill(trailRoute.path, { region: trail.HomeRegion ?? '', name: trail.Name ?? '' }));
}

function useUpdate(arn: string, trail: Trail) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const save = async (request: ReturnType<typeof updateRequest>, selection: Selection | undefined) => {
    const isSaved = await run(text.notUpdated, async () => {
      await cloudtrail.send(new UpdateTrailCommand(request));
      if (selection) await cloudtrail.send(new PutEventSelectorsCommand({ TrailName: arn, ...toApi(selection) }));
    });
    if (!isSaved) return;
    succeeded(text.updated(trail.Name ?? ''));
    goToTrail(trail);
  };
  return { isBusy, save };
}
