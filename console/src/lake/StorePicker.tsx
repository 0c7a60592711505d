import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import { useCallback } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useTexts } from '../i18n/useTexts';
import { UI } from '../ui/text';
import { idOf, listStores, type Store } from './stores';
import { TEXT } from './text';

export interface StorePickerProps {
  /** ARNs */
  picked: readonly string[];
  onPick: (arns: readonly string[]) => void;
  /** Which stores may be picked. */
  accepts: (store: Store) => boolean;
  label: string;
  hint: string;
  none: string;
  error: string | false;
}

/** Event data stores to send something into. */
export function StorePicker({ picked, onPick, accepts, label, hint, none, error }: StorePickerProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const stores = useAnswer(useCallback((signal: AbortSignal) => listStores(api, signal), [api]));
  const options = (stores.value ?? [])
    .filter((store) => store.Status !== 'PENDING_DELETION' && accepts(store))
    .map((store) => ({
      value: store.EventDataStoreArn ?? '',
      label: store.Name,
      description: idOf(store.EventDataStoreArn),
    }));
  return (
    <FormField label={label} constraintText={hint} errorText={error}>
      <Multiselect
        options={options}
        selectedOptions={options.filter((option) => picked.includes(option.value))}
        placeholder={text.choose}
        empty={none}
        deselectAriaLabel={(option) => `${ui.removeTag} ${option.label ?? ''}`}
        statusType={stores.isLoading && !stores.value ? 'loading' : 'finished'}
        onChange={({ detail }) => {
          onPick(detail.selectedOptions.map((option) => option.value ?? ''));
        }}
      />
    </FormField>
  );
}
