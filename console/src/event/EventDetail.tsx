import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { quoted } from '../filter/expression';
import { useTexts } from '../i18n/useTexts';
import type { FoundEvent } from '../records/record';
import { resourcesOf } from '../records/resources';
import { summarize } from '../search/search';
import { Sentence } from '../sentence/Sentence';
import { Fields, type OnFilter } from './Fields';
import { JsonView } from './JsonView';
import { Neighbours } from './Neighbours';
import { TEXT } from './text';

/** An event: a sentence, its fields, its record, and what was around it. */
export function EventDetail({ event, onFilter }: { event: FoundEvent; onFilter: OnFilter }) {
  const text = useTexts(TEXT);
  const resources = useResources(event);
  return (
    <SpaceBetween size="m">
      <Box fontSize="heading-m">
        <Sentence record={event.record} />
      </Box>
      <Tabs
        tabs={[
          { id: 'details', label: text.details, content: <Fields event={event} resources={resources} onFilter={onFilter} /> },
          { id: 'record', label: text.record, content: <JsonView text={event.text} /> },
          { id: 'around', label: text.around, content: <Neighbours key={event.id} event={event} resources={resources} /> },
        ]}
      />
    </SpaceBetween>
  );
}

const RESOURCES_MAX = 20;

/** The names that the server lists the event under; until it answers, those that the record tells. */
function useResources(event: FoundEvent): readonly string[] {
  const { opentrail } = useApi();
  const known = useAnswer(
    useCallback(
      (signal) => {
        const question = { Where: `event-id = ${quoted(event.id)}`, Categories: ['all'], Buckets: 1, Facets: ['resource-name'] as const };
        return summarize(opentrail, { ...question, Top: RESOURCES_MAX }, signal);
      },
      [opentrail, event.id],
    ),
  );
  const listed = known.value?.Facets[0]?.Values;
  return useMemo(() => (known.isLoading || !listed ? resourcesOf(event.record) : listed.map(({ Value }) => Value)), [event, listed, known.isLoading]);
}
