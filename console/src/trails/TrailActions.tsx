import {
  DeleteTrailCommand,
  type GetTrailStatusResponse,
  StartLoggingCommand,
  StopLoggingCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { go } from '../app/place';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { ConfirmDelete } from '../ui/ConfirmDelete';
import { PlaceButton } from '../ui/PlaceButton';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { editTrail, trails as trailsRoute } from './routes';
import { TEXT } from './text';

export interface TrailActionsProps {
  trail: Trail;
  status: GetTrailStatusResponse;
  isLoading: boolean;
  reload: () => void;
}

/** What can be done with a trail. */
export function TrailActions({ trail, status, isLoading, reload }: TrailActionsProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { cloudtrail } = useApi();
  const { isBusy, run } = useAction();
  const [isDeleting, setDeleting] = useState(false);
  const { Name = '', HomeRegion = '' } = trail;

  const toggle = async () => {
    const input = { Name };
    const isDone = await run(text.notSwitched, () =>
      status.IsLogging
        ? cloudtrail.send(new StopLoggingCommand(input))
        : cloudtrail.send(new StartLoggingCommand(input)),
    );
    if (isDone) reload();
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button iconName="refresh" ariaLabel={ui.refresh} loading={isLoading} onClick={reload} />
      <Button loading={isBusy} onClick={() => void toggle()}>
        {status.IsLogging ? text.stop : text.start}
      </Button>
      <Button
        onClick={() => {
          setDeleting(true);
        }}
      >
        {ui.remove}
      </Button>
      <PlaceButton path={fill(editTrail.path, { region: HomeRegion, name: Name })} variant="primary">
        {ui.edit}
      </PlaceButton>
      {isDeleting && (
        <DeleteTrail
          name={Name}
          onDismiss={() => {
            setDeleting(false);
          }}
        />
      )}
    </SpaceBetween>
  );
}

function DeleteTrail({ name, onDismiss }: { name: string; onDismiss: () => void }) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const remove = async () => {
    const isDone = await run(text.notDeleted, () => cloudtrail.send(new DeleteTrailCommand({ Name: name })));
    if (!isDone) {
      onDismiss();
      return;
    }
    succeeded(text.deleted(name));
    go(trailsRoute.path);
  };
  return (
    <ConfirmDelete name={name} isBusy={isBusy} onConfirm={() => void remove()} onDismiss={onDismiss}>
      {text.deletes}
    </ConfirmDelete>
  );
}
