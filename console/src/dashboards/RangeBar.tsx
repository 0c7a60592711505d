import Button from '@cloudscape-design/components/button';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { idOf, type Store } from '../lake/stores';
import { type Range, RANGES } from './range';
import { TEXT } from './text';

export interface RangeBarProps {
  range: Range;
  onRange: (range: Range) => void;
  /** Those that can be chosen; none when the widgets name theirs. */
  stores: readonly Store[];
  store: string;
  onStore: (id: string) => void;
  isBusy: boolean;
  onRefresh: () => void;
}

/** What a dashboard is about: from when, of which store. */
export function RangeBar({ range, onRange, stores, store, onStore, isBusy, onRefresh }: RangeBarProps) {
  const text = useTexts(TEXT);
  const options = stores.map((it) => ({ value: idOf(it.EventDataStoreArn), label: it.Name }));
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="center">
      <SegmentedControl
        label={text.range}
        selectedId={range}
        options={(Object.keys(RANGES) as Range[]).map((id) => ({ id, text: text.ranges[id] }))}
        onChange={({ detail }) => {
          onRange(detail.selectedId as Range);
        }}
      />
      {options.length > 0 && (
        <Select
          ariaLabel={text.store}
          placeholder={text.chooseStore}
          selectedOption={options.find((option) => option.value === store) ?? null}
          options={options}
          onChange={({ detail }) => {
            onStore(detail.selectedOption.value ?? '');
          }}
        />
      )}
      <Button iconName="refresh" loading={isBusy} onClick={onRefresh}>
        {text.refresh}
      </Button>
    </SpaceBetween>
  );
}
