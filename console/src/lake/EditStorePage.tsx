import { UpdateEventDataStoreCommand } from '@aws-sdk/client-cloudtrail';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import { fill, type PageProps } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { isComplete } from '../selectors/selection';
import { Failure } from '../ui/Failure';
import { SaveForm } from '../ui/SaveForm';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { editStore, lake, store as storeRoute } from './routes';
import { StoreFields } from './StoreFields';
import { getStore, problems, settingsOf, type Store, updateRequest } from './stores';
import { TEXT } from './text';

/** Changes an event data store. */
export default function EditStorePage({ params }: PageProps) {
  const { id = '' } = params;
  const text = useTexts(TEXT);
  const title = useTexts(editStore.title);
  const api = useApi();
  const store = useAnswer(useCallback((signal: AbortSignal) => getStore(api, id, signal), [api, id]));
  const parents = [
    { text: text.title, href: href(lake.path) },
    { text: store.value?.Name ?? id, href: href(fill(storeRoute.path, { id })) },
  ];
  return (
    <Page title={title} parents={parents} isLoading={!store.value && store.isLoading}>
      {store.error !== undefined && <Failure error={store.error} onRetry={store.reload} />}
      {store.value && <EditForm id={id} store={store.value} />}
    </Page>
  );
}

function EditForm({ id, store }: { id: string; store: Store }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [before] = useState(() => settingsOf(store));
  const [settings, setSettings] = useState(before);
  const found = problems(settings);
  const back = () => {
    go(fill(storeRoute.path, { id }));
  };
  const save = () =>
    run(text.storeNotUpdated, async () => {
      const request = updateRequest(store.EventDataStoreArn ?? id, before, settings);
      await cloudtrail.send(new UpdateEventDataStoreCommand(request));
      succeeded(text.storeUpdated(settings.name));
      back();
    });
  return (
    <SaveForm
      label={ui.save}
      isBusy={isBusy}
      onCancel={back}
      onSave={() => {
        const isFitting = settings.kind !== 'Management' || isComplete(settings.selection);
        if (found.size === 0 && isFitting) void save();
      }}
    >
      <StoreFields
        settings={settings}
        onChange={setSettings}
        problems={found}
        isNew={false}
        hasKey={before.key !== ''}
      />
    </SaveForm>
  );
}
