import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo } from 'react';

import type { Answer } from '../api/useAnswer';
import { fill } from '../app/route';
import { formatBytes, formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { store as storeRoute } from '../lake/routes';
import { Ago } from '../ui/Ago';
import { part } from '../ui/answer';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { PlaceLink } from '../ui/PlaceLink';
import type { Health, StoreStorage } from './health';
import { TEXT } from './text';

/** What each store holds. */
export function StorageTable({ health }: { health: Answer<Health> }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const columns = useMemo<readonly ItemColumn<StoreStorage>[]>(
    () => [
      {
        id: 'name',
        header: text.store,
        isRowHeader: true,
        value: (it) => it.Name,
        cell: (it) =>
          it.Kind === 'history' ? (
            <PlaceLink path="/history">{it.Name}</PlaceLink>
          ) : (
            <PlaceLink path={fill(storeRoute.path, { id: it.Id })}>{it.Name}</PlaceLink>
          ),
      },
      { id: 'kind', header: text.kind, value: (it) => text.kinds[it.Kind], cell: (it) => text.kinds[it.Kind] },
      {
        id: 'events',
        header: text.events,
        value: (it) => it.Events,
        cell: (it) => formatCount(it.Events, language),
      },
      { id: 'bytes', header: text.bytes, value: (it) => it.Bytes, cell: (it) => formatBytes(it.Bytes, language) },
      {
        id: 'segments',
        header: text.segments,
        value: (it) => it.Segments,
        cell: (it) => formatCount(it.Segments, language),
      },
      {
        id: 'damaged',
        header: text.damaged,
        value: (it) => it.Damaged,
        cell: (it) =>
          it.Damaged > 0 ? (
            <StatusIndicator type="error">{formatCount(it.Damaged, language)}</StatusIndicator>
          ) : (
            text.nothing
          ),
      },
      {
        id: 'oldest',
        header: text.oldest,
        value: (it) => it.OldestTime ?? '',
        cell: (it) => <Ago at={it.OldestTime} />,
      },
      {
        id: 'newest',
        header: text.newest,
        value: (it) => it.NewestTime ?? '',
        cell: (it) => <Ago at={it.NewestTime} />,
      },
    ],
    [text, language],
  );
  return (
    <ItemTable
      title={text.stores}
      answer={part({ ...health, error: undefined }, (it) => it.Stores)}
      columns={columns}
      id={(it) => it.Id}
      empty={text.noStores}
      filterName="storage"
    />
  );
}
