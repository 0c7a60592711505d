import SplitPanel from '@cloudscape-design/components/split-panel';

import type { Attribute } from '../filter/attributes';
import type { FoundEvent } from '../records/record';

export interface EventPanelProps {
  id: string;
  event?: FoundEvent;
  onFilter: (attribute: Attribute, operator: '=' | '!=', value: string) => void;
}

export function EventPanel({ event }: EventPanelProps) {
  return <SplitPanel header={event?.record.eventName ?? ''}>{event?.text}</SplitPanel>;
}
