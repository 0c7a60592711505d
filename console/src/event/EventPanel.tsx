import Spinner from '@cloudscape-design/components/spinner';
import SplitPanel from '@cloudscape-design/components/split-panel';

import { eventTarget } from '../app/links';
import { useTexts } from '../i18n/useTexts';
import type { FoundEvent } from '../records/record';
import { Failure } from '../ui/Failure';
import { PlaceLink } from '../ui/PlaceLink';
import { EventDetail } from './EventDetail';
import type { OnFilter } from './Fields';
import { TEXT } from './text';
import { useEvent } from './useEvent';

export interface EventPanelProps {
  id: string;
  /** The event, if the table has it. */
  event?: FoundEvent;
  onFilter: OnFilter;
}

/** The event that was picked, beside or below the table. */
export function EventPanel({ id, event: known, onFilter }: EventPanelProps) {
  const text = useTexts(TEXT);
  const { value: event, error } = useEvent(id, known);
  return (
    <SplitPanel
      header={event?.record.eventName ?? text.this}
      headerActions={<PlaceLink path={eventTarget(id).path}>{text.openPage}</PlaceLink>}
      closeBehavior="hide"
      i18nStrings={{
        closeButtonAriaLabel: text.close,
        openButtonAriaLabel: text.open,
        resizeHandleAriaLabel: text.resize,
        preferencesTitle: text.preferences,
      }}
    >
      {error !== undefined && <Failure header={text.failed} error={error} />}
      {event === undefined && error === undefined && <Spinner />}
      {event === null && text.notFound}
      {event && <EventDetail event={event} onFilter={onFilter} />}
    </SplitPanel>
  );
}
