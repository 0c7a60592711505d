import Box from '@cloudscape-design/components/box';

import { ATTRIBUTE_TEXT, type Attribute } from '../filter/attributes';
import { hasToken, type Query, type Token } from '../filter/query';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { Facet } from '../search/search';
import './facets.css';
import { TEXT } from './text';

/** What events are counted by beside the table. */
export const FACETS: readonly Attribute[] = ['username', 'event-name', 'event-source', 'error-code', 'source-ip', 'region'];

/** What is asked for, and how a value changes it. */
export interface Narrowing {
  query: Query;
  onToggle: (token: Token, isOn: boolean) => void;
  onExclude: (attribute: Attribute, value: string) => void;
}

export interface FacetsProps {
  facets: readonly Facet[];
  narrowing: Narrowing;
}

/** The most frequent values of each attribute; a click shows only those events, the other one leaves them out. */
export function Facets({ facets, narrowing }: FacetsProps) {
  const text = useTexts(TEXT);
  return (
    <section className="facets" aria-label={text.facets}>
      {facets.map((facet) => (
        <FacetList key={facet.Attribute} facet={facet} narrowing={narrowing} />
      ))}
    </section>
  );
}

function FacetList({ facet, narrowing }: { facet: Facet; narrowing: Narrowing }) {
  const text = useTexts(TEXT);
  const labels = useTexts(ATTRIBUTE_TEXT);
  const language = useLanguage();
  const most = Math.max(1, ...facet.Values.map(({ Count }) => Count));
  return (
    <div>
      <Box variant="h4" tagOverride="h3" padding={{ bottom: 'xxs' }}>
        {labels[facet.Attribute]}
      </Box>
      {facet.Values.length === 0 && <Box color="text-body-secondary">{text.none}</Box>}
      <ul className="facet">
        {facet.Values.map(({ Value, Count }) => (
          <FacetValue key={Value} attribute={facet.Attribute} value={Value} count={Count} share={Count / most} narrowing={narrowing} />
        ))}
      </ul>
      {facet.Distinct > facet.Values.length && (
        <Box color="text-body-secondary" fontSize="body-s">
          {text.others(formatCount(facet.Distinct, language))}
        </Box>
      )}
    </div>
  );
}

interface FacetValueProps {
  attribute: Attribute;
  value: string;
  count: number;
  share: number;
  narrowing: Narrowing;
}

function FacetValue({ attribute, value, count, share, narrowing }: FacetValueProps) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const token = { attribute, operator: '=', value } as const;
  const isOn = hasToken(narrowing.query, token);
  return (
    <li>
      <button
        type="button"
        className="facet-value"
        aria-pressed={isOn}
        title={value}
        onClick={() => { narrowing.onToggle(token, !isOn); }}
      >
        <span className={`facet-bar${attribute === 'error-code' ? ' is-error' : ''}`} style={{ inlineSize: `${String(share * 100)}%` }} />
        <span className="facet-name">{value}</span>
        <span className="facet-count">{formatCount(count, language)}</span>
      </button>
      <button
        type="button"
        className="facet-out"
        aria-label={text.filterOut(value)}
        title={text.filterOut(value)}
        onClick={() => { narrowing.onExclude(attribute, value); }}
      >
        −
      </button>
    </li>
  );
}
