import { useMemo } from 'react';

import { targetOf } from '../app/links';
import { useLanguage } from '../i18n/useTexts';
import type { TrailRecord } from '../records/record';
import { PlaceLink } from '../ui/PlaceLink';
import { sentenceOf } from './sentence';

/** What happened, with links to those who took part. */
export function Sentence({ record }: { record: TrailRecord }) {
  const language = useLanguage();
  const parts = useMemo(() => sentenceOf(record, language), [record, language]);
  return (
    <span>
      {parts.map((part, index) => {
        if (!part.to) return part.text;
        const { path, query } = targetOf(part.to);
        return (
          <PlaceLink key={index} path={path} query={query} variant="primary">
            {part.text}
          </PlaceLink>
        );
      })}
    </span>
  );
}
