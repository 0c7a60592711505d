import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';

import { useTexts } from '../i18n/useTexts';
import { createStore } from '../lake/routes';
import { idOf, type Store } from '../lake/stores';
import { PlaceLink } from '../ui/PlaceLink';
import { useQueryState } from '../ui/useQueryState';
import { ColumnList } from './ColumnList';
import { HistoryList } from './HistoryList';
import { SampleList } from './SampleList';
import { SavedList } from './SavedList';
import { TEXT } from './text';

export interface SidePanelProps {
  stores: readonly Store[];
  store: Store | undefined;
  onStore: (id: string) => void;
  statement: string;
  /** Puts a part into the statement. */
  onInsert: (part: string) => void;
  /** Puts another statement in place of this one. */
  onReplace: (statement: string) => void;
  onOpen: (queryId: string, statement: string | undefined) => void;
}

/** Which store is asked, and statements to begin with. */
export function SidePanel({ stores, store, onStore, statement, onInsert, onReplace, onOpen }: SidePanelProps) {
  const text = useTexts(TEXT);
  const [pane, setPane] = useQueryState('pane', 'store');
  const id = idOf(store?.EventDataStoreArn);
  return (
    <SpaceBetween size="s">
      <StoreSelect {...{ stores, store, onStore, onInsert }} />
      <Tabs
        activeTabId={pane}
        disableContentPaddings={false}
        onChange={({ detail }) => {
          setPane(detail.activeTabId);
        }}
        tabs={[
          { id: 'store', label: text.tabs.store, content: <ColumnList store={store} onInsert={onInsert} /> },
          { id: 'samples', label: text.tabs.samples, content: <SampleList store={id} onUse={onReplace} /> },
          { id: 'saved', label: text.tabs.saved, content: <SavedList statement={statement} onUse={onReplace} /> },
          { id: 'history', label: text.tabs.history, content: <HistoryList store={id} onOpen={onOpen} /> },
        ]}
      />
    </SpaceBetween>
  );
}

type StoreSelectProps = Pick<SidePanelProps, 'stores' | 'store' | 'onStore' | 'onInsert'>;

function StoreSelect({ stores, store, onStore, onInsert }: StoreSelectProps) {
  const text = useTexts(TEXT);
  const options = stores.map((it) => ({
    value: idOf(it.EventDataStoreArn),
    label: it.Name,
    description: idOf(it.EventDataStoreArn),
  }));
  const id = idOf(store?.EventDataStoreArn);
  const insert = (
    <Button
      disabled={!store}
      onClick={() => {
        onInsert(id);
      }}
    >
      {text.insertId}
    </Button>
  );
  return (
    <FormField label={text.store} secondaryControl={insert} stretch>
      <Select
        selectedOption={options.find((option) => option.value === id) ?? null}
        options={options}
        placeholder={text.chooseStore}
        empty={
          <>
            {text.noStores} <PlaceLink path={createStore.path}>{text.createStore}</PlaceLink>
          </>
        }
        onChange={({ detail }) => {
          onStore(detail.selectedOption.value ?? '');
        }}
      />
    </FormField>
  );
}
