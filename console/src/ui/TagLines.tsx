import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';

import { useTexts } from '../i18n/useTexts';
import type { TagLine } from './tags';
import { UI } from './text';

const TAGS_MAX = 50;

/** Tags to edit, a line each. */
export function TagLines({ lines, onChange }: { lines: readonly TagLine[]; onChange: (lines: TagLine[]) => void }) {
  const text = useTexts(UI);
  const change = (at: number, some: Partial<TagLine>) => {
    onChange(lines.map((line, index) => (index === at ? { ...line, ...some } : line)));
  };
  return (
    <AttributeEditor
      items={lines}
      addButtonText={text.addTag}
      removeButtonText={text.removeTag}
      removeButtonAriaLabel={(line) => `${text.removeTag} ${line.key}`}
      empty={text.noTags}
      disableAddButton={lines.length >= TAGS_MAX}
      onAddButtonClick={() => {
        onChange([...lines, { key: '', value: '' }]);
      }}
      onRemoveButtonClick={({ detail }) => {
        onChange(lines.filter((_, at) => at !== detail.itemIndex));
      }}
      definition={[
        {
          label: text.key,
          control: (line: TagLine, at) => (
            <Input
              value={line.key}
              onChange={({ detail }) => {
                change(at, { key: detail.value });
              }}
            />
          ),
        },
        {
          label: text.value,
          control: (line: TagLine, at) => (
            <Input
              value={line.value}
              onChange={({ detail }) => {
                change(at, { value: detail.value });
              }}
            />
          ),
        },
      ]}
    />
  );
}
