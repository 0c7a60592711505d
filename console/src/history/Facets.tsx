import Box from '@cloudscape-design/components/box';

import { ATTRIBUTE_TEXT, type Attribute } from '../filter/attributes';
import { hasToken } from '../filter/query';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { Facet } from '../search/search';
import './facets.css';
import { TEXT } from './text';
import type { HistoryState } from './useHistory';

/** What events are counted by beside the table. */
export const FACETS: readonly Attribute[] = ['username', 'event-name', 'event-source', 'error-code', 'source-ip', 'region'];

export interface FacetsProps {
  facets: readonly Facet[];
  history: HistoryState;
}

/** The most frequent values of each attribute; a click shows only those events, the other one leaves them out. */
export function Facets({ facets, history }: FacetsProps) {
  const text = useTexts(TEXT);
  return (
    <section className="facets" aria-label={text.facets}>
      {facets.map((facet) => (
        <FacetList key={facet.Attribute} facet={facet} history={history} />
      ))}
    </section>
  );
}

function FacetList({ facet, history }: { facet: Facet; history: HistoryState }) {
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
          <FacetValue key={Value} attribute={facet.Attribute} value={Value} count={Count} share={Count / most} history={history} />
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
  history: HistoryState;
}

function FacetValue({ attribute, value, count, share, history }: FacetValueProps) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const token = { attribute, operator: '=', value } as const;
  const isOn = hasToken(history.question.query, token);
  return (
    <li>
      <button
        type="button"
        className="facet-value"
        aria-pressed={isOn}
        title={value}
        onClick={() => { history.toggle(token, !isOn); }}
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
        onClick={() => { history.filterBy(attribute, '!=', value); }}
      >
        −
      </button>
    </li>
  );
}
