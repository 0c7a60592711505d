import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import Select from '@cloudscape-design/components/select';
import Toggle from '@cloudscape-design/components/toggle';
import { useMemo, useRef } from 'react';

import { useShortcuts } from '../app/shortcuts';
import { ATTRIBUTE_TEXT, ATTRIBUTES } from '../filter/attributes';
import { OPERATORS } from '../filter/query';
import { hasReads, withoutReads, withReads } from '../filter/reads';
import { useTexts } from '../i18n/useTexts';
import { CATEGORIES, type Range } from '../search/question';
import { fromBar, toBar } from './bar';
import { TEXT } from './text';
import { useSuggestions } from './useSuggestions';
import type { HistoryState } from './useHistory';

/** What is looked for, when, and among which events. */
export function QueryBar({ history }: { history: HistoryState }) {
  const text = useTexts(TEXT);
  return (
    <div className="query-bar">
      <QueryFilter history={history} />
      <RangePicker range={history.question.range} onChange={(range) => { history.ask({ range }); }} />
      <Select
        ariaLabel={text.category}
        selectedOption={{ value: history.question.category, label: text.categories[history.question.category] }}
        options={CATEGORIES.map((value) => ({ value, label: text.categories[value] }))}
        onChange={({ detail }) => {
          const category = CATEGORIES.find((known) => known === detail.selectedOption.value);
          if (category) history.ask({ category });
        }}
      />
      <Reads history={history} />
    </div>
  );
}

/** A switch for the part of the query that leaves out calls that are made by looking at events here. */
function Reads({ history }: { history: HistoryState }) {
  const text = useTexts(TEXT);
  const { query } = history.question;
  const isOn = hasReads(query);
  const other = isOn ? withoutReads(query) : withReads(query);
  return (
    <div className="query-bar-reads" title={text.readsHint}>
      <Toggle checked={isOn} disabled={!other} onChange={() => { if (other) history.ask({ query: other }); }}>
        {text.reads}
      </Toggle>
    </div>
  );
}

function QueryFilter({ history }: { history: HistoryState }) {
  const text = useTexts(TEXT);
  const labels = useTexts(ATTRIBUTE_TEXT);
  const bar = useRef<PropertyFilterProps.Ref>(null);
  const suggestions = useSuggestions(history.asked);
  useShortcuts(useMemo(() => ({ '/': () => bar.current?.focus() }), []));
  const properties = useMemo(
    () =>
      ATTRIBUTES.map((key): PropertyFilterProps.FilteringProperty => ({
        key,
        operators: [...OPERATORS],
        propertyLabel: labels[key],
        groupValuesLabel: text.values(labels[key]),
      })),
    [labels, text],
  );
  return (
    <PropertyFilter
      ref={bar}
      query={toBar(history.question.query)}
      onChange={({ detail }) => { history.ask({ query: fromBar(detail) }); }}
      enableTokenGroups
      filteringProperties={properties}
      filteringOptions={suggestions.options}
      filteringStatusType={suggestions.status}
      onLoadItems={({ detail }) => { suggestions.load(detail); }}
      freeTextFiltering={{ operators: [':', '!:'], defaultOperator: ':' }}
      filteringPlaceholder={text.query}
      filteringAriaLabel={text.query}
      filteringLoadingText={text.loadingValues}
      filteringEmpty={text.noMatches}
      virtualScroll
      expandToViewport
    />
  );
}

const RELATIVE: DateRangePickerProps.RelativeOption[] = [
  { key: '15m', amount: 15, unit: 'minute', type: 'relative' },
  { key: '1h', amount: 1, unit: 'hour', type: 'relative' },
  { key: '6h', amount: 6, unit: 'hour', type: 'relative' },
  { key: '1d', amount: 1, unit: 'day', type: 'relative' },
  { key: '1w', amount: 1, unit: 'week', type: 'relative' },
  { key: '30d', amount: 30, unit: 'day', type: 'relative' },
];

function RangePicker({ range, onChange }: { range?: Range; onChange: (range?: Range) => void }) {
  const text = useTexts(TEXT);
  return (
    <DateRangePicker
      value={rangeValue(range)}
      relativeOptions={RELATIVE}
      customRelativeRangeUnits={['minute', 'hour', 'day', 'week']}
      isValidRange={() => ({ valid: true })}
      placeholder={text.everything}
      i18nStrings={{ ariaLabel: text.range }}
      expandToViewport
      onChange={({ detail }) => { onChange(rangeOf(detail.value)); }}
    />
  );
}

function rangeValue(range: Range | undefined): DateRangePickerProps.Value | null {
  if (!range) return null;
  if (range.type === 'absolute') return { type: 'absolute', startDate: range.from, endDate: range.to };
  const known = RELATIVE.find(({ amount, unit }) => amount === range.amount && unit === range.unit);
  return known ?? { ...range };
}

function rangeOf(value: DateRangePickerProps.Value | null): Range | undefined {
  if (!value) return undefined;
  if (value.type === 'absolute') {
    return { type: 'absolute', from: new Date(value.startDate).toISOString(), to: new Date(value.endDate).toISOString() };
  }
  const unit = (['minute', 'hour', 'day', 'week'] as const).find((known) => known === value.unit);
  return unit && { type: 'relative', amount: value.amount, unit };
}
