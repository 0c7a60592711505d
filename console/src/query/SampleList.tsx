import './query.css';

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useDeferredValue, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useTexts } from '../i18n/useTexts';
import { formatStatement } from '../sql/format';
import { Failure } from '../ui/Failure';
import { searchSamples } from './calls';
import { TEXT } from './text';

const FIRST_PHRASE = 'top errors';
/** What the service takes: two printable ASCII characters at least. */
const PHRASE = /^[\x20-\x7e]{2,1000}$/;

/** Sample queries by what one wants to know. */
export function SampleList({ store, onUse }: { store: string; onUse: (statement: string) => void }) {
  const text = useTexts(TEXT);
  const api = useApi();
  const [typed, setTyped] = useState('');
  const phrase = useDeferredValue(PHRASE.test(typed.trim()) ? typed.trim() : FIRST_PHRASE);
  const samples = useAnswer(useCallback((signal: AbortSignal) => searchSamples(api, phrase, signal), [api, phrase]));
  return (
    <SpaceBetween size="s">
      <Input
        type="search"
        value={typed}
        placeholder={text.samplesHint}
        ariaLabel={text.samplesHint}
        onChange={({ detail }) => {
          setTyped(detail.value);
        }}
      />
      {samples.error !== undefined && <Failure error={samples.error} onRetry={samples.reload} />}
      {samples.value?.length === 0 && <Box color="text-body-secondary">{text.samplesEmpty}</Box>}
      <div className="pane" tabIndex={0} role="region" aria-label={text.tabs.samples}>
        <ul>
          {(samples.value ?? []).map((sample) => (
            <li key={sample.Name} className="entry">
              <div>
                <Box fontWeight="bold">{sample.Name}</Box>
                <Box variant="small">{sample.Description}</Box>
              </div>
              <Button
                ariaLabel={text.useNamed(sample.Name ?? '')}
                onClick={() => {
                  onUse(statementFor(sample.SQL ?? '', store));
                }}
              >
                {text.use}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </SpaceBetween>
  );
}

/** Samples leave the store open. */
function statementFor(sql: string, store: string): string {
  return formatStatement(store === '' ? sql : sql.replaceAll('$EDS_ID', store));
}
