import './calendar.css';

import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type KeyboardEvent, useRef, useState } from 'react';

import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { calendar, countByStatus, type Day, type VerifiedHour } from './calendar';
import { TEXT } from './text';

interface Picked {
  day: number;
  hour: number;
}

const STATUSES = ['verified', 'unverified', 'broken'] as const;
const STEPS: Record<string, Picked> = {
  ArrowUp: { day: -1, hour: 0 },
  ArrowDown: { day: 1, hour: 0 },
  ArrowLeft: { day: 0, hour: -1 },
  ArrowRight: { day: 0, hour: 1 },
};

/** A grid of days and hours; what is known of an hour is shown below when one points at it or moves to it. */
export function HourCalendar({ hours }: { hours: readonly VerifiedHour[] }) {
  const text = useTexts(TEXT);
  const days = calendar(hours);
  const [picked, setPicked] = useState<Picked>(() => firstToLookAt(days));
  return (
    <SpaceBetween size="m">
      <Legend hours={hours} />
      <Grid days={days} picked={picked} onPick={setPicked} />
      <div aria-live="polite">
        <HourDetail day={days[picked.day]} hour={picked.hour} />
      </div>
      <Box variant="small">{text.pick}</Box>
    </SpaceBetween>
  );
}

/** The first hour that is broken, else the first that was looked at. */
function firstToLookAt(days: readonly Day[]): Picked {
  const places = days.flatMap(({ hours }, day) => hours.map((it, hour) => ({ day, hour, status: it?.Status })));
  const found = places.find((it) => it.status === 'broken') ?? places.find((it) => it.status !== undefined);
  return { day: found?.day ?? 0, hour: found?.hour ?? 0 };
}

function Legend({ hours }: { hours: readonly VerifiedHour[] }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const counts = countByStatus(hours);
  return (
    <div className="hours-legend">
      {STATUSES.map((status) => (
        <span key={status}>
          <span className={`hour hour-${status}`} aria-hidden="true" /> {text.statuses[status]}:{' '}
          {formatCount(counts[status], language)}
        </span>
      ))}
    </div>
  );
}

function Grid({ days, picked, onPick }: { days: readonly Day[]; picked: Picked; onPick: (picked: Picked) => void }) {
  const text = useTexts(TEXT);
  const table = useRef<HTMLTableElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const day = Math.min(Math.max(picked.day + step.day, 0), days.length - 1);
    const hour = Math.min(Math.max(picked.hour + step.hour, 0), 23);
    onPick({ day, hour });
    table.current?.querySelector<HTMLElement>(`[data-hour="${String(day)}.${String(hour)}"]`)?.focus();
  };
  return (
    <div className="hours-frame">
      <table ref={table} className="hours" role="grid" aria-label={text.calendar} onKeyDown={move}>
        <thead>
          <tr>
            <th scope="col">{text.day}</th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th key={hour} scope="col">
                {String(hour).padStart(2, '0')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, hours }, day) => (
            <tr key={date}>
              <th scope="row">{date}</th>
              {hours.map((_, hour) => {
                const isPicked = picked.day === day && picked.hour === hour;
                return <HourCell key={hour} {...{ day, hour, of: days[day], isPicked, onPick }} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HourCellProps extends Picked {
  of: Day | undefined;
  isPicked: boolean;
  onPick: (picked: Picked) => void;
}

function HourCell({ day, hour, of, isPicked, onPick }: HourCellProps) {
  const say = useSentence();
  const pick = () => {
    onPick({ day, hour });
  };
  return (
    <td
      role="gridcell"
      data-hour={`${String(day)}.${String(hour)}`}
      tabIndex={isPicked ? 0 : -1}
      aria-selected={isPicked}
      aria-label={say(of, hour)}
      className={`hour hour-${of?.hours[hour]?.Status ?? 'none'}`}
      onFocus={pick}
      onMouseEnter={pick}
    />
  );
}

function useSentence(): (day: Day | undefined, hour: number) => string {
  const text = useTexts(TEXT);
  const language = useLanguage();
  return (day, hour) => {
    const found = day?.hours[hour];
    const status = text.statuses[found?.Status ?? 'none'];
    return text.hour(day?.date ?? '', hour, status, formatCount(found?.LogFiles ?? 0, language));
  };
}

function HourDetail({ day, hour }: { day: Day | undefined; hour: number }) {
  const text = useTexts(TEXT);
  const say = useSentence();
  const found = day?.hours[hour];
  return (
    <>
      <Box fontWeight="bold">{say(day, hour)}</Box>
      {found?.Problems.length ? (
        <ul className="hours-problems">
          {found.Problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : (
        <Box color="text-body-secondary">{text.noProblems}</Box>
      )}
    </>
  );
}
