import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { INSIGHT_TYPES, type InsightCategory, type InsightKey } from './insights';
import { TEXT } from './text';

export interface InsightChecksProps {
  keys: ReadonlySet<InsightKey>;
  /** Which events may be watched. */
  categories: readonly InsightCategory[];
  onChange: (keys: ReadonlySet<InsightKey>) => void;
}

/** What is watched, in which events. */
export function InsightChecks({ keys, categories, onChange }: InsightChecksProps) {
  const text = useTexts(TEXT);
  const set = (key: InsightKey, isOn: boolean) => {
    const next = new Set(keys);
    if (isOn) next.add(key);
    else next.delete(key);
    onChange(next);
  };
  const check = (key: InsightKey, label: string) => (
    <Checkbox
      key={key}
      checked={keys.has(key)}
      onChange={({ detail }) => {
        set(key, detail.checked);
      }}
    >
      {label}
    </Checkbox>
  );
  return (
    <SpaceBetween size="xs">
      {INSIGHT_TYPES.flatMap((type) =>
        categories.map((category) => check(`${type} ${category}`, `${text.types[type]}: ${text.categories[category]}`)),
      )}
      <Alert type="info">{text.notDetected}</Alert>
    </SpaceBetween>
  );
}
