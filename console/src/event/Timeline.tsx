import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';

import { eventTarget } from '../app/links';
import { formatTime } from '../i18n/format';
import { useTexts } from '../i18n/useTexts';
import { errorOf } from '../records/identity';
import type { FoundEvent } from '../records/record';
import type { Asked } from '../search/question';
import { useEvents } from '../search/useEvents';
import { Sentence } from '../sentence/Sentence';
import { Failure } from '../ui/Failure';
import { PlaceLink } from '../ui/PlaceLink';
import { TEXT } from './text';
import './timeline.css';

export interface TimelineProps {
  asked: Asked;
  /** The event that the others are shown around. */
  hereId?: string;
  /** More about an event, below its sentence; `older` is the one before it in time. */
  detail?: (event: FoundEvent, older: readonly FoundEvent[]) => ReactNode;
}

/** Events as sentences, newest first, page by page. */
export function Timeline({ asked, hereId, detail }: TimelineProps) {
  const text = useTexts(TEXT);
  const found = useEvents(asked);
  if (found.error !== undefined) return <Failure error={found.error} />;
  const isAlone = found.events.every((event) => event.id === hereId);
  return (
    <>
      <ol className="timeline">
        {found.events.map((event, index) => (
          <li
            key={index}
            className={`timeline-event${errorOf(event.record) === undefined ? '' : ' is-failed'}${event.id === hereId ? ' is-here' : ''}`}
            aria-current={event.id === hereId}
          >
            <div className="timeline-time">
              <PlaceLink path={eventTarget(event.id).path}>{formatTime(event.time)}</PlaceLink>
            </div>
            <div>
              <Sentence record={event.record} />
              {detail?.(event, found.events.slice(index + 1))}
            </div>
          </li>
        ))}
      </ol>
      {found.isLoading && <><Spinner /> {text.loading}</>}
      {!found.isLoading && isAlone && <div className="timeline-none">{text.noneAround}</div>}
      {found.hasMore && !found.isLoading && <Button onClick={found.loadMore}>{text.more}</Button>}
    </>
  );
}
