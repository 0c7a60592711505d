import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo } from 'react';

import type { Answer } from '../api/useAnswer';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { part } from '../ui/answer';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { UI } from '../ui/text';
import { type Health, LOOKS, type Product } from './health';
import { TEXT } from './text';

/** What is made of the journal, and how much of it is owed. */
export function ProductsTable({ health }: { health: Answer<Health> }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const language = useLanguage();
  const columns = useMemo<readonly ItemColumn<Product>[]>(
    () => [
      {
        id: 'name',
        header: text.product,
        isRowHeader: true,
        value: (it) => nameOf(it, text.names),
        cell: (it) => nameOf(it, text.names),
      },
      {
        id: 'state',
        header: text.state,
        value: (it) => it.State,
        cell: (it) => <StatusIndicator type={LOOKS[it.State]} wrapText={false}>{text.states[it.State]}</StatusIndicator>,
      },
      {
        id: 'age',
        header: text.age,
        value: (it) => it.OldestAgeSeconds,
        cell: (it) =>
          it.OldestAgeSeconds > 0 ? text.seconds(formatCount(it.OldestAgeSeconds, language)) : text.nothing,
      },
      {
        id: 'lag',
        header: text.lag,
        value: (it) => it.LagRecords,
        cell: (it) => formatCount(it.LagRecords, language),
      },
      { id: 'message', header: text.message, value: (it) => it.Message ?? '', cell: (it) => it.Message ?? ui.none },
    ],
    [text, ui, language],
  );
  return (
    <ItemTable
      title={text.products}
      answer={part(health, (it) => it.Products)}
      columns={columns}
      id={(it) => it.Name}
      empty={text.nothing}
      filterName="product"
    />
  );
}

/** Products that are newer than this console are called as the server calls them. */
function nameOf({ Name }: Product, names: Readonly<Record<string, string>>): string {
  return names[Name] ?? Name;
}
