import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useTexts } from '../i18n/useTexts';
import { Choice } from '../ui/Choice';
import { type Chart, suggestCharts } from './chart';
import type { Result } from './result';
import ResultChart from './ResultChart';
import { TEXT } from './text';

export interface ChartPanelProps {
  result: Result;
  title: string;
  /** The kind that was chosen, if any: kept by who shows this. */
  kind: string;
  onKind: (kind: string) => void;
}

/** A chart that fits the rows, of another kind or other columns if one likes. */
export default function ChartPanel({ result, title, kind, onKind }: ChartPanelProps) {
  const text = useTexts(TEXT);
  const charts = suggestCharts(result);
  const suggested = charts.find((chart) => chart.kind === kind) ?? charts[0];
  const [changed, setChanged] = useState<Chart>();
  if (!suggested) return <Box color="text-body-secondary">{text.none}</Box>;
  const chart = changed?.kind === suggested.kind ? changed : suggested;
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={3}>
        <Choice
          label={text.kind}
          selected={chart.kind}
          options={charts.map((it) => ({ id: it.kind, text: text.kinds[it.kind] }))}
          onChange={onKind}
        />
        <ColumnSelect
          label={chart.kind === 'line' ? text.time : text.label}
          columns={result.columns}
          column={chart.kind === 'line' ? chart.x : chart.label}
          onChange={(column) => {
            setChanged(chart.kind === 'line' ? { ...chart, x: column } : { ...chart, label: column });
          }}
        />
        <ColumnSelect
          label={text.value}
          columns={result.columns}
          column={chart.kind === 'line' ? chart.y : chart.value}
          onChange={(column) => {
            setChanged(chart.kind === 'line' ? { ...chart, y: column } : { ...chart, value: column });
          }}
        />
      </ColumnLayout>
      <ResultChart result={result} chart={chart} title={title} />
    </SpaceBetween>
  );
}

interface ColumnSelectProps {
  label: string;
  columns: readonly string[];
  column: number;
  onChange: (column: number) => void;
}

function ColumnSelect({ label, columns, column, onChange }: ColumnSelectProps) {
  const options = columns.map((name, at) => ({ value: String(at), label: name }));
  return (
    <FormField label={label}>
      <Select
        selectedOption={options[column] ?? null}
        options={options}
        onChange={({ detail }) => {
          onChange(Number(detail.selectedOption.value));
        }}
      />
    </FormField>
  );
}
