import { useMemo } from 'react';

import type { Answer } from '../api/useAnswer';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { part } from '../ui/answer';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { UI } from '../ui/text';
import type { Health, Quarantined } from './health';
import { TEXT } from './text';

/** What could not be taken in. */
export function QuarantineTable({ health }: { health: Answer<Health> }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const language = useLanguage();
  const columns = useMemo<readonly ItemColumn<Quarantined>[]>(
    () => [
      { id: 'what', header: text.what, isRowHeader: true, value: (it) => it.Name, cell: (it) => it.Name },
      { id: 'count', header: text.count, value: (it) => it.Count, cell: (it) => formatCount(it.Count, language) },
      {
        id: 'newest',
        header: text.newest,
        value: (it) => it.Newest ?? '',
        // Segments that can't be read are so now; when that began nobody knows.
        cell: (it) => (it.Newest === undefined ? ui.none : <Ago at={it.Newest} />),
      },
    ],
    [text, ui, language],
  );
  return (
    <ItemTable
      title={text.quarantine}
      description={text.quarantineAbout}
      answer={part({ ...health, error: undefined }, (it) => it.Quarantine.filter(({ Count }) => Count > 0))}
      columns={columns}
      id={(it) => it.Name}
      empty={text.noQuarantine}
      filterName="quarantine"
    />
  );
}
