import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { PlaceButton } from '../ui/PlaceButton';
import { PlaceLink } from '../ui/PlaceLink';
import { UI } from '../ui/text';
import { createStore, store as storeRoute } from './routes';
import { categoryOf, idOf, listStores, type Store } from './stores';
import { StoreState } from './StoreState';
import { TEXT } from './text';

export function StoresTable() {
  const text = useTexts(TEXT);
  const api = useApi();
  const stores = useAnswer(useCallback((signal: AbortSignal) => listStores(api, signal), [api]));
  return (
    <ItemTable
      title={text.stores}
      answer={stores}
      columns={useColumns()}
      id={(store) => store.EventDataStoreArn ?? ''}
      empty={text.noStores}
      actions={
        <PlaceButton path={createStore.path} variant="primary">
          {text.createStore}
        </PlaceButton>
      }
    />
  );
}

function useColumns(): readonly ItemColumn<Store>[] {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  return useMemo(
    () => [
      {
        id: 'name',
        header: text.name,
        isRowHeader: true,
        value: (store) => store.Name ?? '',
        cell: (store) => (
          <PlaceLink path={fill(storeRoute.path, { id: idOf(store.EventDataStoreArn) })}>{store.Name}</PlaceLink>
        ),
      },
      {
        id: 'status',
        header: text.status,
        value: (store) => store.Status ?? '',
        cell: (store) => <StoreState status={store.Status} />,
      },
      {
        id: 'kind',
        header: text.kind,
        value: (store) => text.kinds[categoryOf(store)],
        cell: (store) => text.kinds[categoryOf(store)],
      },
      {
        id: 'regions',
        header: text.regions,
        value: (store) => String(store.MultiRegionEnabled),
        cell: (store) => (store.MultiRegionEnabled ? text.allRegions : text.oneRegion),
      },
      {
        id: 'retention',
        header: text.retention,
        value: (store) => store.RetentionPeriod ?? 0,
        cell: (store) => text.days(store.RetentionPeriod ?? 0),
      },
      {
        id: 'protection',
        header: text.protection,
        value: (store) => String(store.TerminationProtectionEnabled),
        cell: (store) => (store.TerminationProtectionEnabled ? ui.on : ui.off),
      },
      {
        id: 'created',
        header: text.created,
        value: (store) => store.CreatedTimestamp?.getTime() ?? 0,
        cell: (store) => <Ago at={store.CreatedTimestamp} />,
      },
      {
        id: 'id',
        header: text.id,
        value: (store) => idOf(store.EventDataStoreArn),
        cell: (store) => <span className="mono">{idOf(store.EventDataStoreArn)}</span>,
      },
    ],
    [text, ui],
  );
}
