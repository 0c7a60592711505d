import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo, useRef, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { go } from '../app/place';
import { useTexts } from '../i18n/useTexts';
import { categoryOf, idOf, listStores, type Store } from '../lake/stores';
import { useQueryState } from '../ui/useQueryState';
import { startQuery } from './calls';
import { EditorPanel } from './EditorPanel';
import { usePlacedError } from './fault';
import { ResultPanel } from './ResultPanel';
import { query as queryRoute } from './routes';
import { SidePanel } from './SidePanel';
import type { SqlEditorHandle } from './SqlEditor';
import { noteRun } from './statements';
import { TEXT } from './text';
import { useQuery } from './useQuery';

/** Writes a statement, runs it, shows its rows. The URL holds the statement and the query. */
export default function QueryPage() {
  const text = useTexts(TEXT);
  const api = useApi();
  const editor = useRef<SqlEditorHandle>(null);
  const [queryId] = useQueryState('id');
  const [sql] = useQueryState('sql');
  const [storeId, setStoreId] = useQueryState('store');
  const answer = useAnswer(useCallback((signal: AbortSignal) => listStores(api, signal), [api]));
  const stores = useMemo(() => (answer.value ?? []).filter(isAsked), [answer.value]);
  const store = stores.find((it) => idOf(it.EventDataStoreArn) === storeId) ?? stores[0];
  const state = useQuery(queryId);
  const [edited, setEdited] = useState<string>();
  const statement = edited ?? (sql !== '' ? sql : (state?.query?.QueryString ?? firstStatement(store)));
  const [refused, setRefused] = useState<{ statement: string; error: unknown }>();
  const [isStarting, setStarting] = useState(false);
  const fault = usePlacedError(statement, refused, state);

  const run = async (written: string) => {
    setStarting(true);
    setEdited(written);
    setRefused(undefined);
    try {
      const id = await startQuery(api, written);
      noteRun({ queryId: id, statement: written, at: new Date().toISOString() });
      go(queryRoute.path, new URLSearchParams({ store: idOf(store?.EventDataStoreArn), sql: written, id }));
    } catch (error) {
      setRefused({ statement: written, error });
    } finally {
      setStarting(false);
    }
  };
  const open = (id: string, of: string | undefined) => {
    setEdited(of);
    go(queryRoute.path, new URLSearchParams({ store: storeId, id, ...(of !== undefined && { sql: of }) }));
  };

  return (
    <Page title={text.title} description={text.about}>
      <SpaceBetween size="l">
        <Grid gridDefinition={[{ colspan: { default: 12, m: 7 } }, { colspan: { default: 12, m: 5 } }]}>
          <EditorPanel
            editor={editor}
            statement={statement}
            onChange={setEdited}
            stores={stores}
            fault={fault}
            isStarting={isStarting}
            state={state}
            onRun={(written) => void run(written)}
          />
          <Container fitHeight>
            <SidePanel
              stores={stores}
              store={store}
              onStore={setStoreId}
              statement={statement}
              onInsert={(part) => editor.current?.insert(part)}
              onReplace={setEdited}
              onOpen={open}
            />
          </Container>
        </Grid>
        <ResultPanel state={state} statement={statement} />
      </SpaceBetween>
    </Page>
  );
}

function isAsked(store: Store): boolean {
  return store.Status !== 'PENDING_DELETION';
}

/** What one may want to see first of a store. */
function firstStatement(store: Store | undefined): string {
  if (!store) return '';
  const columns =
    categoryOf(store) === 'Management'
      ? 'eventTime, eventName, eventSource, userIdentity.arn, sourceIPAddress, errorCode'
      : '*';
  return `SELECT ${columns}\nFROM ${idOf(store.EventDataStoreArn)}\nORDER BY eventTime DESC\nLIMIT 100`;
}
