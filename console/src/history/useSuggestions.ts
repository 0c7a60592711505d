import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useEffect, useRef, useState } from 'react';

import { useApi } from '../api/client';
import { isAttribute } from '../filter/attributes';
import { quoted } from '../filter/expression';
import type { Asked } from '../search/question';
import { summarize } from '../search/search';

const SUGGESTIONS_MAX = 50;

export interface Suggestions {
  options: PropertyFilterProps.FilteringOption[];
  status: PropertyFilterProps.StatusType;
  load: (wanted: PropertyFilterProps.LoadItemsDetail) => void;
}

/** Values that events of the time range have, the most frequent first. */
export function useSuggestions(asked: Asked): Suggestions {
  const { opentrail } = useApi();
  const [options, setOptions] = useState<PropertyFilterProps.FilteringOption[]>([]);
  const [status, setStatus] = useState<PropertyFilterProps.StatusType>('finished');
  const underway = useRef<AbortController>(undefined);
  useEffect(() => () => underway.current?.abort(), []);

  const load = ({ filteringProperty, filteringText }: PropertyFilterProps.LoadItemsDetail) => {
    underway.current?.abort();
    const attribute = filteringProperty?.key ?? '';
    if (!isAttribute(attribute)) {
      setOptions([]);
      setStatus('finished');
      return;
    }
    const called = new AbortController();
    underway.current = called;
    setStatus('loading');
    const where = filteringText === '' ? undefined : `${attribute} *= ${quoted(filteringText)}`;
    const question = { ...asked, Where: where, Facets: [attribute], Top: SUGGESTIONS_MAX, Buckets: 1 };
    summarize(opentrail, question, called.signal).then(
      (summary) => {
        const values = summary.Facets[0]?.Values ?? [];
        setOptions(values.map(({ Value }) => ({ propertyKey: attribute, value: Value })));
        setStatus('finished');
      },
      () => {
        if (!called.signal.aborted) setStatus('error');
      },
    );
  };
  return { options, status, load };
}
