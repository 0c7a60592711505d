import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';

import { formatCount, formatTime } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { Bucket, Summary } from '../search/search';
import { bucketAt, bucketEnd, scaleMax, type Stretch, stretch, tickText, timesOf } from './buckets';
import './histogram.css';
import { TEXT } from './text';

const HEIGHT = 96;
const TICKS = 6;

export interface HistogramProps {
  summary: Summary;
  onZoom: (from: string, to: string) => void;
}

/**
 * Events over time as bars, those that failed on top of the others; a stretch of time is chosen by dragging, or by
 * keys: arrows move, Shift selects, Enter zooms.
 */
export function Histogram({ summary, onZoom }: HistogramProps) {
  const text = useTexts(TEXT);
  const hint = useId();
  const buckets = summary.Histogram;
  const { at, chosen, pointer, keys } = useChoice(summary, onZoom);
  const max = scaleMax(buckets);
  const describe = useDescription(summary);
  return (
    <div className="histogram">
      <div className="histogram-scale" aria-hidden>
        <Count value={max} />
        <Count value={0} />
      </div>
      <div
        className="histogram-plot"
        role="slider"
        tabIndex={0}
        aria-label={text.histogram}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, buckets.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={describe(chosen ?? { from: at ?? 0, to: at ?? 0 })}
        {...pointer}
        onKeyDown={keys}
      >
        <Bars buckets={buckets} max={max} at={at} chosen={chosen} />
        {at !== undefined && (
          <div className="histogram-tip" style={tipPlace((at + 0.5) / buckets.length)} aria-hidden>
            {describe(chosen ?? { from: at, to: at })}
          </div>
        )}
      </div>
      <Ticks summary={summary} />
      <span id={hint} className="unseen">
        {text.histogramHint}
      </span>
    </div>
  );
}

/** Where somebody is, and what they have chosen. */
function useChoice(summary: Summary, onZoom: (from: string, to: string) => void) {
  const buckets = summary.Histogram.length;
  const [at, setAt] = useState<number>();
  const [chosen, setChosen] = useState<Stretch>();
  const anchor = useRef<number>(undefined);
  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return bucketAt((event.clientX - box.left) / box.width, buckets);
  };
  const zoom = (wanted: Stretch) => {
    const times = timesOf(summary, wanted);
    if (times) onZoom(times.from, times.to);
  };
  const letGo = () => {
    anchor.current = undefined;
    setChosen(undefined);
  };
  const pointer = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      anchor.current = placeOf(event);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const place = placeOf(event);
      setAt(place);
      if (anchor.current !== undefined && event.buttons === 1) setChosen(stretch(anchor.current, place));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (anchor.current === undefined) return;
      zoom(stretch(anchor.current, placeOf(event)));
      letGo();
    },
    onPointerLeave: () => {
      if (anchor.current === undefined) setAt(undefined);
    },
    onPointerCancel: letGo,
    onBlur: () => {
      letGo();
      setAt(undefined);
    },
  };
  const keys = (event: KeyboardEvent) => {
    const here = at ?? 0;
    const moves: Partial<Record<string, number>> = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buckets - 1 };
    const to = moves[event.key];
    if (to !== undefined) {
      const place = Math.max(0, Math.min(buckets - 1, to));
      anchor.current = event.shiftKey ? (anchor.current ?? here) : undefined;
      setChosen(anchor.current === undefined ? undefined : stretch(anchor.current, place));
      setAt(place);
    } else if (event.key === 'Enter' && at !== undefined) {
      zoom(chosen ?? { from: at, to: at });
      letGo();
    } else if (event.key === 'Escape') {
      letGo();
    } else return;
    event.preventDefault();
  };
  return { at, chosen, pointer, keys };
}

function useDescription(summary: Summary): (wanted: Stretch) => string {
  const text = useTexts(TEXT);
  const language = useLanguage();
  return ({ from, to }) => {
    const wanted = summary.Histogram.slice(from, to + 1);
    const [first, last] = [wanted[0], wanted.at(-1)];
    if (!first || !last) return '';
    const sum = (count: (bucket: Bucket) => number) => formatCount(wanted.reduce((all, it) => all + count(it), 0), language);
    const end = formatTime(bucketEnd(summary, last));
    return text.bucket(formatTime(first.Start), end, sum((it) => it.Count), sum((it) => it.Errors));
  };
}

function Bars({ buckets, max, at, chosen }: { buckets: readonly Bucket[]; max: number; at?: number; chosen?: Stretch }) {
  const height = (count: number) => (count === 0 ? 0 : Math.max(1.5, (count / max) * HEIGHT));
  return (
    <svg viewBox={`0 0 ${String(buckets.length)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden>
      <line className="histogram-grid" x1="0" x2={buckets.length} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <line className="histogram-grid" x1="0" x2={buckets.length} y1="0.5" y2="0.5" />
      {chosen && <rect className="histogram-chosen" x={chosen.from} width={chosen.to - chosen.from + 1} height={HEIGHT} />}
      {at !== undefined && !chosen && <rect className="histogram-at" x={at} width="1" height={HEIGHT} />}
      {buckets.map(({ Start, Count, Errors }, index) => {
        const [all, failed] = [height(Count), height(Errors)];
        return (
          <g key={Start}>
            <rect className="histogram-bar" x={index + 0.08} width="0.84" y={HEIGHT - all} height={Math.max(0, all - failed)} />
            <rect className="histogram-error" x={index + 0.08} width="0.84" y={HEIGHT - failed} height={failed} />
          </g>
        );
      })}
    </svg>
  );
}

function Ticks({ summary }: { summary: Summary }) {
  const begin = new Date(summary.Histogram[0]?.Start ?? summary.StartTime).getTime();
  const span = summary.Histogram.length * summary.BucketSeconds * 1000;
  return (
    <div className="histogram-ticks" aria-hidden>
      {Array.from({ length: TICKS }, (_, index) => (
        <span key={index}>{tickText(new Date(begin + (span * index) / (TICKS - 1)), span)}</span>
      ))}
    </div>
  );
}

function Count({ value }: { value: number }) {
  const language = useLanguage();
  return <span>{formatCount(value, language)}</span>;
}

/** The tip follows the pointer and stays within the plot. */
function tipPlace(share: number) {
  return share < 0.5 ? { insetInlineStart: `${String(share * 100)}%` } : { insetInlineEnd: `${String((1 - share) * 100)}%` };
}
