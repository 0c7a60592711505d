import type { ImportsListItem } from '@aws-sdk/client-cloudtrail';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { PlaceButton } from '../ui/PlaceButton';
import { PlaceLink } from '../ui/PlaceLink';
import { listImports } from './imports';
import { ImportState } from './ImportState';
import { createImport, importRoute, store as storeRoute } from './routes';
import { idOf } from './stores';
import { TEXT } from './text';

export function ImportsTable() {
  const text = useTexts(TEXT);
  const api = useApi();
  const imports = useAnswer(useCallback((signal: AbortSignal) => listImports(api, signal), [api]));
  const columns = useMemo<readonly ItemColumn<ImportsListItem>[]>(
    () => [
      {
        id: 'id',
        header: text.id,
        isRowHeader: true,
        value: (item) => item.ImportId ?? '',
        cell: (item) => (
          <PlaceLink path={fill(importRoute.path, { id: item.ImportId ?? '' })}>{item.ImportId}</PlaceLink>
        ),
      },
      {
        id: 'status',
        header: text.status,
        value: (item) => item.ImportStatus ?? '',
        cell: (item) => <ImportState status={item.ImportStatus} />,
      },
      {
        id: 'destination',
        header: text.destination,
        value: (item) => idOf(item.Destinations?.[0]),
        cell: (item) => <StoreLink arn={item.Destinations?.[0]} />,
      },
      {
        id: 'created',
        header: text.created,
        value: (item) => item.CreatedTimestamp?.getTime() ?? 0,
        cell: (item) => <Ago at={item.CreatedTimestamp} />,
      },
      {
        id: 'updated',
        header: text.updated,
        value: (item) => item.UpdatedTimestamp?.getTime() ?? 0,
        cell: (item) => <Ago at={item.UpdatedTimestamp} />,
      },
    ],
    [text],
  );
  return (
    <ItemTable
      title={text.imports}
      description={text.importAbout}
      answer={imports}
      columns={columns}
      id={(item) => item.ImportId ?? ''}
      empty={text.noImports}
      actions={
        <PlaceButton path={createImport.path} variant="primary">
          {text.createImport}
        </PlaceButton>
      }
    />
  );
}

function StoreLink({ arn }: { arn: string | undefined }) {
  const id = idOf(arn);
  return <PlaceLink path={fill(storeRoute.path, { id })}>{id}</PlaceLink>;
}
