import { DeleteDashboardCommand, type GetDashboardResponse, UpdateDashboardCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { go } from '../app/place';
import { useTexts } from '../i18n/useTexts';
import type { Store } from '../lake/stores';
import { ConfirmDelete } from '../ui/ConfirmDelete';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { nameOf } from './calls';
import { dashboards as dashboardsRoute } from './routes';
import { ScheduleEditor } from './ScheduleEditor';
import { TEXT } from './text';

export interface DashboardActionsProps {
  dashboard: GetDashboardResponse;
  stores: readonly Store[];
  reload: () => void;
  onEdit: () => void;
}

/** What can be done with a dashboard of one's own; managed ones stay as they are. */
export function DashboardActions({ dashboard, stores, reload, onEdit }: DashboardActionsProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { cloudtrail } = useApi();
  const { isBusy, run } = useAction();
  const [open, setOpen] = useState<'schedule' | 'delete'>();
  if (dashboard.Type === 'MANAGED') return null;
  const isProtected = dashboard.TerminationProtectionEnabled ?? false;
  const close = () => {
    setOpen(undefined);
  };

  const toggleProtection = async () => {
    const input = { DashboardId: dashboard.DashboardArn, TerminationProtectionEnabled: !isProtected };
    if (await run(text.notSaved, () => cloudtrail.send(new UpdateDashboardCommand(input)))) reload();
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        loading={isBusy}
        items={[
          { id: 'schedule', text: text.schedule },
          { id: 'protect', text: isProtected ? text.unprotect : text.protect },
          { id: 'delete', text: ui.remove, disabled: isProtected },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === 'protect') void toggleProtection();
          else setOpen(detail.id === 'schedule' ? 'schedule' : 'delete');
        }}
      >
        {text.more}
      </ButtonDropdown>
      <Button variant="primary" onClick={onEdit}>
        {text.edit}
      </Button>
      {open === 'schedule' && (
        <ScheduleEditor
          dashboard={dashboard}
          stores={stores}
          onDismiss={close}
          onSaved={() => {
            close();
            reload();
          }}
        />
      )}
      {open === 'delete' && <DeleteDashboard arn={dashboard.DashboardArn ?? ''} onDismiss={close} />}
    </SpaceBetween>
  );
}

function DeleteDashboard({ arn, onDismiss }: { arn: string; onDismiss: () => void }) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const name = nameOf(arn);
  const remove = async () => {
    const input = { DashboardId: arn };
    if (await run(text.notDeleted, () => cloudtrail.send(new DeleteDashboardCommand(input)))) {
      succeeded(text.deleted(name));
      go(dashboardsRoute.path);
    } else {
      onDismiss();
    }
  };
  return (
    <ConfirmDelete name={name} isBusy={isBusy} onConfirm={() => void remove()} onDismiss={onDismiss}>
      {text.deletes}
    </ConfirmDelete>
  );
}
