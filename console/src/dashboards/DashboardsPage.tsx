import { CreateDashboardCommand, type DashboardDetail } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import { useCallback, useMemo, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { Page } from '../app/Page';
import { go } from '../app/place';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { DialogActions } from '../ui/DialogActions';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { PlaceLink } from '../ui/PlaceLink';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { isFittingName, listDashboards, nameOf } from './calls';
import { dashboard as dashboardRoute } from './routes';
import { TEXT } from './text';

/** CloudTrail's dashboards, and one's own. */
export default function DashboardsPage() {
  const text = useTexts(TEXT);
  const api = useApi();
  const dashboards = useAnswer(useCallback((signal: AbortSignal) => listDashboards(api, signal), [api]));
  const [isCreating, setCreating] = useState(false);
  const columns = useMemo<readonly ItemColumn<DashboardDetail>[]>(
    () => [
      {
        id: 'name',
        header: text.name,
        isRowHeader: true,
        value: (it) => nameOf(it.DashboardArn),
        cell: (it) => (
          <PlaceLink path={fill(dashboardRoute.path, { name: nameOf(it.DashboardArn) })}>
            {nameOf(it.DashboardArn)}
          </PlaceLink>
        ),
      },
      {
        id: 'type',
        header: text.type,
        value: (it) => text.types[it.Type ?? 'CUSTOM'],
        cell: (it) => text.types[it.Type ?? 'CUSTOM'],
      },
    ],
    [text],
  );
  const create = (
    <Button
      variant="primary"
      onClick={() => {
        setCreating(true);
      }}
    >
      {text.create}
    </Button>
  );
  return (
    <Page title={text.title} description={text.about}>
      <ItemTable
        title={text.title}
        answer={dashboards}
        columns={columns}
        id={(it) => it.DashboardArn ?? ''}
        empty={text.empty}
        actions={create}
      />
      {isCreating && (
        <CreateDashboard
          onDismiss={() => {
            setCreating(false);
          }}
        />
      )}
    </Page>
  );
}

function CreateDashboard({ onDismiss }: { onDismiss: () => void }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [name, setName] = useState('');
  const isFitting = isFittingName(name);
  const create = async () => {
    if (!isFitting) return;
    const isMade = await run(text.notCreated, () => cloudtrail.send(new CreateDashboardCommand({ Name: name })));
    if (!isMade) {
      onDismiss();
      return;
    }
    succeeded(text.created(name));
    go(fill(dashboardRoute.path, { name }), new URLSearchParams({ edit: '1' }));
  };
  return (
    <Modal
      visible
      onDismiss={onDismiss}
      header={text.create}
      closeAriaLabel={ui.close}
      footer={
        <DialogActions
          label={ui.create}
          disabled={!isFitting}
          isBusy={isBusy}
          onDo={() => void create()}
          onDismiss={onDismiss}
        />
      }
    >
      <FormField
        label={text.name}
        constraintText={text.nameHint}
        errorText={name !== '' && !isFitting && text.nameProblem}
      >
        <Input
          value={name}
          autoFocus
          autoComplete={false}
          spellcheck={false}
          onChange={({ detail }) => {
            setName(detail.value);
          }}
          onKeyDown={({ detail }) => {
            if (detail.key === 'Enter') void create();
          }}
        />
      </FormField>
    </Modal>
  );
}
