import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { lazy, type RefObject, Suspense, useMemo } from 'react';

import { useApi } from '../api/client';
import { useTexts } from '../i18n/useTexts';
import { categoryOf, idOf, type Store } from '../lake/stores';
import type { StoreName } from '../sql/completion';
import { formatStatement } from '../sql/format';
import { useAction } from '../ui/useAction';
import { cancelQuery, isGoingOn } from './calls';
import type { PlacedError } from './fault';
import type { SqlEditorHandle } from './SqlEditor';
import { TEXT } from './text';
import type { QueryState } from './useQuery';

const SqlEditor = lazy(() => import('./SqlEditor'));

export interface EditorPanelProps {
  editor: RefObject<SqlEditorHandle | null>;
  statement: string;
  onChange: (statement: string) => void;
  stores: readonly Store[];
  fault: PlacedError | undefined;
  isStarting: boolean;
  state: QueryState | undefined;
  onRun: (statement: string) => void;
}

/** The editor, what can be done with its statement, and what is wrong with it. */
export function EditorPanel(props: EditorPanelProps) {
  const { editor, statement, onChange, stores, fault, onRun } = props;
  const text = useTexts(TEXT);
  const names = useMemo(() => stores.map(nameOf), [stores]);
  const mark = useMemo(() => fault?.range && { ...fault.range, message: fault.message }, [fault]);
  const format = (written: string) => {
    onChange(formatStatement(written));
  };
  return (
    <Container fitHeight>
      <SpaceBetween size="s">
        <Suspense fallback={<Spinner />}>
          <SqlEditor
            ref={editor}
            value={statement}
            onChange={onChange}
            onRun={onRun}
            onFormat={format}
            stores={names}
            fault={mark}
            label={text.editor}
          />
        </Suspense>
        {fault && <FaultAlert fault={fault} />}
        <Buttons {...props} onFormat={format} />
      </SpaceBetween>
    </Container>
  );
}

function nameOf(store: Store): StoreName {
  return { id: idOf(store.EventDataStoreArn), name: store.Name ?? '', category: categoryOf(store) };
}

function FaultAlert({ fault }: { fault: PlacedError }) {
  const text = useTexts(TEXT);
  const { line, column, code } = fault;
  const header = line !== undefined && column !== undefined ? text.at(line, column) : code;
  return (
    <Alert type="error" header={header} data-testid="statement-fault">
      {fault.message}
    </Alert>
  );
}

function Buttons({
  statement,
  isStarting,
  state,
  onRun,
  onFormat,
}: EditorPanelProps & { onFormat: (statement: string) => void }) {
  const text = useTexts(TEXT);
  const api = useApi();
  const { isBusy, run } = useAction();
  const isRunning = isGoingOn(state?.query?.QueryStatus);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <Button
        variant="primary"
        disabled={statement.trim() === ''}
        loading={isStarting || isRunning}
        onClick={() => {
          onRun(statement);
        }}
      >
        {text.run}
      </Button>
      {isRunning && state && (
        <Button loading={isBusy} onClick={() => void run(text.notCancelled, () => cancelQuery(api, state.id))}>
          {text.cancel}
        </Button>
      )}
      <Button
        onClick={() => {
          onFormat(statement);
        }}
      >
        {text.format}
      </Button>
      <Box variant="small">{text.keys}</Box>
    </SpaceBetween>
  );
}
