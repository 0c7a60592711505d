import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';

import { printQuery, whereOf } from '../filter/expression';
import type { Query, Token } from '../filter/query';
import { useTexts } from '../i18n/useTexts';
import type { FoundEvent } from '../records/record';
import type { Asked } from '../search/question';
import { PlaceLink } from '../ui/PlaceLink';
import { TEXT } from './text';
import { Timeline } from './Timeline';

const SPANS_MS = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
type Span = keyof typeof SPANS_MS;
type Kind = 'session' | 'resource' | 'address';

/** What else was done with the same key, to the same resource, from the same address, shortly before and after. */
export function Neighbours({ event, resources }: { event: FoundEvent; resources: readonly string[] }) {
  const text = useTexts(TEXT);
  const kinds = useMemo(() => kindsOf(event, resources), [event, resources]);
  const [wanted, setWanted] = useState<Kind>();
  const [span, setSpan] = useState<Span>('1h');
  const kind = kinds.find(({ id }) => id === wanted) ?? kinds[0];
  const query = useMemo((): Query => ({ operation: 'and', parts: kind ? [kind.token] : [] }), [kind]);
  const asked = useMemo(() => around(event, query, SPANS_MS[span]), [event, query, span]);
  if (!kind) return text.noneAround;
  const url = new URLSearchParams({ q: printQuery(query), category: 'all', from: asked.StartTime, to: asked.EndTime });
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <SegmentedControl
          label={text.same}
          selectedId={kind.id}
          options={kinds.map(({ id }) => ({ id, text: text.neighbours[id] }))}
          onChange={({ detail }) => { setWanted(kinds.find(({ id }) => id === detail.selectedId)?.id); }}
        />
        <Select
          ariaLabel={text.within}
          selectedOption={{ value: span, label: text.spans[span] }}
          options={Object.entries(text.spans).map(([value, label]) => ({ value, label }))}
          onChange={({ detail }) => { setSpan(detail.selectedOption.value as Span); }}
        />
        <PlaceLink path="/history" query={url}>{text.inHistory}</PlaceLink>
      </SpaceBetween>
      <Timeline asked={asked} hereId={event.id} />
    </SpaceBetween>
  );
}

function kindsOf(event: FoundEvent, resources: readonly string[]): { id: Kind; token: Token }[] {
  const { userIdentity, sourceIPAddress } = event.record;
  const is = (attribute: Token['attribute'], value: string | undefined, id: Kind) =>
    value === undefined || value === '' ? [] : [{ id, token: { attribute, operator: '=', value } as const }];
  return [
    ...is('access-key-id', userIdentity?.accessKeyId, 'session'),
    ...is('resource-name', resources[0], 'resource'),
    ...is('source-ip', sourceIPAddress, 'address'),
  ];
}

function around(event: FoundEvent, query: Query, ms: number): Asked & { StartTime: string; EndTime: string } {
  const at = new Date(event.time).getTime();
  return {
    Where: whereOf(query),
    StartTime: new Date(at - ms).toISOString(),
    EndTime: new Date(at + ms).toISOString(),
    Categories: ['all'],
  };
}
