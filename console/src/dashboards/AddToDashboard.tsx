import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Choice } from '../ui/Choice';
import { DialogActions } from '../ui/DialogActions';
import { PlaceLink } from '../ui/PlaceLink';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { addWidget, isFittingName, listDashboards, nameOf } from './calls';
import { dashboard as dashboardRoute } from './routes';
import { TEXT } from './text';
import { isFittingText, VIEWS, type ViewKind } from './view';
import { newWidget, placeholders } from './widget';

export interface AddToDashboardProps {
  statement: string;
  /** How the rows are looked at now. */
  kind: ViewKind;
  onDismiss: () => void;
}

/** Makes a widget of a statement, on a dashboard of one's own or on a new one. */
export default function AddToDashboard({ statement, kind: shown, onDismiss }: AddToDashboardProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const own = useAnswer(useCallback((signal: AbortSignal) => listDashboards(api, signal, 'CUSTOM'), [api]));
  const names = (own.value ?? []).map((it) => nameOf(it.DashboardArn));
  const [chosen, setChosen] = useState<string>();
  const [named, setNamed] = useState('');
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState(shown);
  // Until something is chosen: the first there is, or a new one.
  const dashboard = chosen ?? names[0] ?? '';
  const name = dashboard === '' ? named : dashboard;
  const isFitting = own.value !== undefined && isFittingName(name) && isFittingText(title);

  const add = async () => {
    if (!isFitting) return;
    const widget = newWidget(statement, { title, kind });
    if (!(await run(text.notAdded, () => addWidget(api, name, dashboard === '', widget, text.widgetsMax)))) return;
    succeeded(<>{text.added(title)} <PlaceLink path={fill(dashboardRoute.path, { name })} color="inverted">{name}</PlaceLink></>);
    onDismiss();
  };
  return (
    <Modal
      visible
      onDismiss={onDismiss}
      header={text.addToDashboard}
      closeAriaLabel={ui.close}
      footer={<DialogActions label={text.add} disabled={!isFitting} isBusy={isBusy} onDo={() => void add()} onDismiss={onDismiss} />}
    >
      <SpaceBetween size="m">
        <FormField label={text.dashboard}>
          <Select
            selectedOption={{ value: dashboard, label: dashboard === '' ? text.newDashboard : dashboard }}
            options={[...names.map((value) => ({ value, label: value })), { value: '', label: text.newDashboard }]}
            statusType={own.isLoading ? 'loading' : 'finished'}
            onChange={({ detail }) => {
              setChosen(detail.selectedOption.value ?? '');
            }}
          />
        </FormField>
        {dashboard === '' && <NameField name={named} onChange={setNamed} />}
        <FormField label={text.widgetTitle} constraintText={text.widgetTitleHint} errorText={title !== '' && !isFittingText(title) && text.widgetTitleHint}>
          <Input
            value={title}
            autoFocus
            onChange={({ detail }) => {
              setTitle(detail.value);
            }}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') void add();
            }}
          />
        </FormField>
        <Choice label={text.view} selected={kind} options={VIEWS.map((id) => ({ id, text: text.views[id] }))} onChange={setKind} />
        {placeholders(statement) === 0 && <Alert type="info">{text.noParameters}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}

function NameField({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const text = useTexts(TEXT);
  return (
    <FormField label={text.name} constraintText={text.nameHint} errorText={name !== '' && !isFittingName(name) && text.nameProblem}>
      <Input
        value={name}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => {
          onChange(detail.value);
        }}
      />
    </FormField>
  );
}
