import BarChart from '@cloudscape-design/components/bar-chart';
import LineChart from '@cloudscape-design/components/line-chart';
import PieChart from '@cloudscape-design/components/pie-chart';

import { formatCount, formatTime } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { bars, type Chart, lines, slices } from './chart';
import type { Result } from './result';
import { TEXT } from './text';

export interface ResultChartProps {
  result: Result;
  chart: Chart;
  title: string;
  /** As high as what it stands in. */
  fits?: boolean;
}

/** In pixels; what is as high as its frame is at least the smaller one. */
const HEIGHT = 300;
const HEIGHT_MIN = 120;

/** A chart of the rows of a query. */
export default function ResultChart(props: ResultChartProps) {
  switch (props.chart.kind) {
    case 'line':
      return <Lines {...props} chart={props.chart} />;
    case 'bar':
      return <Bars {...props} chart={props.chart} />;
    case 'pie':
      return <Pie {...props} chart={props.chart} />;
  }
}

type Of<K> = Omit<ResultChartProps, 'chart'> & { chart: Extract<Chart, { kind: K }> };

function Lines({ result, chart, title, fits }: Of<'line'>) {
  const text = useTexts(TEXT);
  const count = useCount();
  const drawn = lines(result, chart);
  const value = result.columns[chart.y] ?? text.value;
  return (
    <LineChart
      ariaLabel={title}
      height={fits ? HEIGHT_MIN : HEIGHT}
      fitHeight={fits}
      hideFilter
      hideLegend={chart.series === undefined}
      xScaleType="time"
      xTitle={result.columns[chart.x]}
      yTitle={value}
      yTickFormatter={count}
      xTickFormatter={formatTime}
      empty={text.empty}
      series={drawn.map((line) => ({
        type: 'line' as const,
        title: line.name === '' ? value : line.name,
        data: line.points,
        valueFormatter: count,
      }))}
    />
  );
}

function Bars({ result, chart, title, fits }: Of<'bar'>) {
  const text = useTexts(TEXT);
  const count = useCount();
  const value = result.columns[chart.value] ?? text.value;
  return (
    <BarChart
      ariaLabel={title}
      height={fits ? HEIGHT_MIN : HEIGHT}
      fitHeight={fits}
      hideFilter
      hideLegend
      horizontalBars
      xScaleType="categorical"
      xTitle={result.columns[chart.label]}
      yTitle={value}
      yTickFormatter={count}
      empty={text.empty}
      series={[
        {
          type: 'bar',
          title: value,
          data: bars(result, chart.label, chart.value).map((bar) => ({ x: bar.label, y: bar.value })),
          valueFormatter: count,
        },
      ]}
    />
  );
}

function Pie({ result, chart, title, fits }: Of<'pie'>) {
  const text = useTexts(TEXT);
  const count = useCount();
  const data = slices(result, chart.label, chart.value, text.others).map((slice) => ({
    title: slice.label,
    value: slice.value,
  }));
  return (
    <PieChart
      ariaLabel={title}
      data={data}
      fitHeight={fits}
      size="medium"
      variant="donut"
      hideFilter
      empty={text.empty}
      segmentDescription={({ value }, sum) =>
        `${count(value)}, ${sum === 0 ? '0' : String(Math.round((100 * value) / sum))}%`
      }
      innerMetricValue={count(data.reduce((sum, slice) => sum + slice.value, 0))}
    />
  );
}

function useCount(): (value: number) => string {
  const language = useLanguage();
  return (value) => formatCount(value, language);
}
