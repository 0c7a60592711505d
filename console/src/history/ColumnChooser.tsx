import CollectionPreferences from '@cloudscape-design/components/collection-preferences';

import { ATTRIBUTE_TEXT, isAttribute } from '../filter/attributes';
import { useTexts } from '../i18n/useTexts';
import { type Column, COLUMNS } from './columns';
import { TEXT } from './text';

export interface ColumnChooserProps {
  columns: readonly Column[];
  onChange: (columns: readonly Column[]) => void;
}

/** Which columns the table has, and in which order. */
export function ColumnChooser({ columns, onChange }: ColumnChooserProps) {
  const text = useTexts(TEXT);
  const labels = useTexts(ATTRIBUTE_TEXT);
  const label = (id: Column) => {
    if (isAttribute(id)) return labels[id];
    return id === 'time' ? text.time : text.userAgent;
  };
  const hidden = COLUMNS.filter((column) => !columns.includes(column));
  const inOrder = [...columns, ...hidden];
  return (
    <CollectionPreferences
      title={text.columns}
      confirmLabel={text.confirm}
      cancelLabel={text.cancel}
      preferences={{ contentDisplay: inOrder.map((id) => ({ id, visible: columns.includes(id) })) }}
      contentDisplayPreference={{
        title: text.columns,
        options: inOrder.map((id) => ({ id, label: label(id), alwaysVisible: id === 'time' })),
      }}
      onConfirm={({ detail }) => {
        const shown = (detail.contentDisplay ?? []).filter(({ visible }) => visible);
        onChange(shown.flatMap(({ id }) => COLUMNS.find((column) => column === id) ?? []));
      }}
    />
  );
}
