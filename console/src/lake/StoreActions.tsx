import {
  DeleteEventDataStoreCommand,
  RestoreEventDataStoreCommand,
  StartEventDataStoreIngestionCommand,
  StopEventDataStoreIngestionCommand,
} from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { ConfirmDelete } from '../ui/ConfirmDelete';
import { PlaceButton } from '../ui/PlaceButton';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { editStore } from './routes';
import { canStop, categoryOf, idOf, type Store } from './stores';
import { TEXT } from './text';

export interface StoreActionsProps {
  store: Store;
  isLoading: boolean;
  reload: () => void;
}

/** What can be done with a store: one that waits for its end can only be restored. */
export function StoreActions({ store, isLoading, reload }: StoreActionsProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const [isDeleting, setDeleting] = useState(false);
  const id = idOf(store.EventDataStoreArn);
  const refresh = <Button iconName="refresh" ariaLabel={ui.refresh} loading={isLoading} onClick={reload} />;
  if (store.Status === 'PENDING_DELETION') {
    return (
      <SpaceBetween direction="horizontal" size="xs">
        {refresh}
        <RestoreButton store={store} reload={reload} />
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {refresh}
      {canStop(categoryOf(store)) && <IngestionButton store={store} reload={reload} />}
      <Button
        onClick={() => {
          setDeleting(true);
        }}
      >
        {ui.remove}
      </Button>
      <PlaceButton path={fill(editStore.path, { id })}>{ui.edit}</PlaceButton>
      <PlaceButton path="/query" query={new URLSearchParams({ store: id })} variant="primary">
        {text.query}
      </PlaceButton>
      {isDeleting && (
        <DeleteStore
          store={store}
          onEnd={() => {
            setDeleting(false);
            reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function RestoreButton({ store, reload }: Omit<StoreActionsProps, 'isLoading'>) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const restore = async () => {
    const input = { EventDataStore: store.EventDataStoreArn };
    if (!(await run(text.notRestored, () => cloudtrail.send(new RestoreEventDataStoreCommand(input))))) return;
    succeeded(text.restored);
    reload();
  };
  return (
    <Button variant="primary" loading={isBusy} onClick={() => void restore()}>
      {text.restore}
    </Button>
  );
}

function IngestionButton({ store, reload }: Omit<StoreActionsProps, 'isLoading'>) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { isBusy, run } = useAction();
  const isStopped = store.Status === 'STOPPED_INGESTION';
  const toggle = async () => {
    const input = { EventDataStore: store.EventDataStoreArn };
    const isDone = await run(text.notSwitched, () =>
      isStopped
        ? cloudtrail.send(new StartEventDataStoreIngestionCommand(input))
        : cloudtrail.send(new StopEventDataStoreIngestionCommand(input)),
    );
    if (isDone) reload();
  };
  return (
    <Button loading={isBusy} onClick={() => void toggle()}>
      {isStopped ? text.startIngestion : text.stopIngestion}
    </Button>
  );
}

function DeleteStore({ store, onEnd }: { store: Store; onEnd: () => void }) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const name = store.Name ?? '';
  const remove = async () => {
    const input = { EventDataStore: store.EventDataStoreArn };
    const isDone = await run(text.storeNotDeleted, () => cloudtrail.send(new DeleteEventDataStoreCommand(input)));
    if (isDone) succeeded(text.storeDeleted(name));
    onEnd();
  };
  return (
    <ConfirmDelete name={name} isBusy={isBusy} onConfirm={() => void remove()} onDismiss={onEnd}>
      {text.deletesStore}
    </ConfirmDelete>
  );
}
