import { type GetDashboardResponse, UpdateDashboardCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { lazy, Suspense, useState } from 'react';

import { useApi } from '../api/client';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { idOf, type Store } from '../lake/stores';
import { useAction } from '../ui/useAction';
import { TEXT } from './text';
import { type EditedWidget, editedWidget, firstStatement, newWidget, requestWidget, WIDGETS_MAX } from './widget';
import { WidgetEditor } from './WidgetEditor';

const WidgetBoard = lazy(() => import('./WidgetBoard'));

export interface DashboardEditorProps {
  arn: string;
  dashboard: GetDashboardResponse;
  stores: readonly Store[];
  refresh: string | undefined;
  onEnd: (isSaved: boolean) => void;
}

/** Adds, changes, moves and removes widgets; all is saved at once. */
export function DashboardEditor({ arn, dashboard, stores, refresh, onEnd }: DashboardEditorProps) {
  const text = useTexts(TEXT);
  const { cloudtrail } = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [widgets, setWidgets] = useState<readonly EditedWidget[]>(() => (dashboard.Widgets ?? []).map(editedWidget));
  const [open, setOpen] = useState<EditedWidget>();

  const save = async () => {
    const input = { DashboardId: arn, Widgets: widgets.map(requestWidget) };
    if (!(await run(text.notSaved, () => cloudtrail.send(new UpdateDashboardCommand(input))))) return;
    succeeded(text.saved);
    onEnd(true);
  };
  const apply = (widget: EditedWidget) => {
    const isNew = !widgets.some((other) => other.id === widget.id);
    setWidgets(isNew ? [...widgets, widget] : widgets.map((other) => (other.id === widget.id ? widget : other)));
    setOpen(undefined);
  };

  return (
    <SpaceBetween size="l">
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          iconName="add-plus"
          disabled={widgets.length >= WIDGETS_MAX}
          disabledReason={text.widgetsMax}
          onClick={() => {
            setOpen(newWidget(firstStatement(idOf(stores[0]?.EventDataStoreArn)), { title: '', kind: 'BarChart' }));
          }}
        >
          {text.addWidget}
        </Button>
        <Button
          onClick={() => {
            onEnd(false);
          }}
        >
          {text.cancel}
        </Button>
        <Button variant="primary" loading={isBusy} onClick={() => void save()}>
          {text.done}
        </Button>
      </SpaceBetween>
      <Suspense fallback={<Spinner />}>
        <WidgetBoard widgets={widgets} refresh={refresh} onChange={setWidgets} onEdit={setOpen} />
      </Suspense>
      {open && (
        <WidgetEditor
          widget={open}
          stores={stores}
          onApply={apply}
          onDismiss={() => {
            setOpen(undefined);
          }}
        />
      )}
    </SpaceBetween>
  );
}
