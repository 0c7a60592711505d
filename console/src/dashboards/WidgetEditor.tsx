import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { lazy, Suspense, useMemo, useState } from 'react';

import { useTexts } from '../i18n/useTexts';
import { categoryOf, idOf, type Store } from '../lake/stores';
import { formatStatement } from '../sql/format';
import { Choice } from '../ui/Choice';
import { DialogActions } from '../ui/DialogActions';
import { UI } from '../ui/text';
import { TEXT } from './text';
import { isFittingText, type View, VIEWS } from './view';
import { type EditedWidget, fittingParameters, PARAMETERS } from './widget';

const SqlEditor = lazy(() => import('../query/SqlEditor'));

export interface WidgetEditorProps {
  widget: EditedWidget;
  stores: readonly Store[];
  onApply: (widget: EditedWidget) => void;
  onDismiss: () => void;
}

/** What a widget asks, and how it is drawn. */
export function WidgetEditor({ widget, stores, onApply, onDismiss }: WidgetEditorProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const [edited, setEdited] = useState(widget);
  const isFitting = isFittingText(edited.view.title) && edited.statement.trim() !== '';
  return (
    <Modal
      visible
      size="large"
      onDismiss={onDismiss}
      header={text.widget}
      closeAriaLabel={ui.close}
      footer={
        <DialogActions
          label={text.apply}
          disabled={!isFitting}
          onDo={() => {
            onApply(edited);
          }}
          onDismiss={onDismiss}
        />
      }
    >
      <SpaceBetween size="m">
        <ViewFields
          view={edited.view}
          onChange={(part) => {
            setEdited((before) => ({ ...before, view: { ...before.view, ...part } }));
          }}
        />
        <StatementFields edited={edited} onChange={setEdited} stores={stores} />
      </SpaceBetween>
    </Modal>
  );
}

interface StatementFieldsProps {
  edited: EditedWidget;
  /** Changes come by themselves: the editor is loaded while other fields are filled in already. */
  onChange: (change: (before: EditedWidget) => EditedWidget) => void;
  stores: readonly Store[];
}

function StatementFields({ edited, onChange, stores }: StatementFieldsProps) {
  const text = useTexts(TEXT);
  const names = useMemo(
    () =>
      stores.map((store) => ({
        id: idOf(store.EventDataStoreArn),
        name: store.Name ?? '',
        category: categoryOf(store),
      })),
    [stores],
  );
  const change = (statement: string) => {
    onChange((before) => ({ ...before, statement, parameters: fittingParameters(statement, before.parameters) }));
  };
  return (
    <>
      <FormField label={text.statement} constraintText={text.statementHint} stretch>
        <Suspense fallback={<Spinner />}>
          <SqlEditor
            value={edited.statement}
            onChange={change}
            onRun={() => undefined}
            onFormat={(written) => {
              change(formatStatement(written));
            }}
            stores={names}
            label={text.statement}
          />
        </Suspense>
      </FormField>
      <ColumnLayout columns={3}>
        {edited.parameters.map((parameter, at) => (
          <FormField key={at} label={text.parameter(at + 1)}>
            <Select
              selectedOption={{ value: parameter, label: parameter }}
              options={PARAMETERS.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => {
                const value = detail.selectedOption.value ?? parameter;
                onChange((before) => ({ ...before, parameters: before.parameters.with(at, value) }));
              }}
            />
          </FormField>
        ))}
      </ColumnLayout>
    </>
  );
}

function ViewFields({ view, onChange }: { view: View; onChange: (part: Partial<View>) => void }) {
  const text = useTexts(TEXT);
  const input = (member: 'title' | 'label' | 'value' | 'series') => (
    <Input
      value={view[member]}
      onChange={({ detail }) => {
        onChange({ [member]: detail.value });
      }}
    />
  );
  return (
    <>
      <ColumnLayout columns={2}>
        <FormField
          label={text.widgetTitle}
          constraintText={text.widgetTitleHint}
          errorText={view.title !== '' && !isFittingText(view.title) && text.widgetTitleHint}
        >
          {input('title')}
        </FormField>
        <Choice
          label={text.view}
          selected={view.kind}
          options={VIEWS.map((kind) => ({ id: kind, text: text.views[kind] }))}
          onChange={(kind) => {
            onChange({ kind });
          }}
        />
      </ColumnLayout>
      {view.kind !== 'Table' && (
        <ColumnLayout columns={3}>
          <FormField
            label={view.kind === 'LineChart' ? text.timeColumn : text.labelColumn}
            constraintText={text.columnHint}
          >
            {input('label')}
          </FormField>
          <FormField label={text.valueColumn}>{input('value')}</FormField>
          {view.kind === 'LineChart' && <FormField label={text.seriesColumn}>{input('series')}</FormField>}
        </ColumnLayout>
      )}
    </>
  );
}
