import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useMemo, useState } from 'react';

import { useTexts } from '../i18n/useTexts';
import type { Json } from '../records/record';
import './json-view.css';
import { countMatches, pieces } from './matches';
import { TEXT } from './text';

/** A record's own text, laid out: members fold, words are found, all of it can be copied. */
export function JsonView({ text: json }: { text: string }) {
  const text = useTexts(TEXT);
  const [word, setWord] = useState('');
  const value = useMemo(() => JSON.parse(json) as Json, [json]);
  const count = useMemo(() => countMatches(value, word), [value, word]);
  return (
    <>
      <div className="json-tools">
        <Input
          type="search"
          value={word}
          onChange={({ detail }) => { setWord(detail.value); }}
          placeholder={text.search}
          ariaLabel={text.search}
        />
        <Box color="text-body-secondary">
          <span role="status">{word === '' ? '' : text.matches(count)}</span>
        </Box>
        <CopyToClipboard
          variant="icon"
          textToCopy={json}
          copyButtonAriaLabel={text.copy}
          copySuccessText={text.copied}
          copyErrorText={text.notCopied}
        />
      </div>
      <div className="json mono" tabIndex={0} role="region" aria-label={text.record}>
        <Value value={value} word={word} />
      </div>
    </>
  );
}

function Value({ name, value, word }: { name?: string; value: Json; word: string }) {
  const label = name !== undefined && (
    <>
      <span className="json-name"><Marked text={name} word={word} /></span>:{' '}
    </>
  );
  const members = membersOf(value);
  if (!members) return <div className="json-line">{label}<Leaf value={value} word={word} /></div>;
  const sign = Array.isArray(value) ? '[ ]' : '{ }';
  return (
    // Whoever searches wants to see what is found, whatever was folded before.
    <details className="json-fold" open key={word === '' ? 'all' : 'found'}>
      <summary>{label}<span className="json-sign">{sign} {members.length}</span></summary>
      <div className="json-inner">
        {members.map(([member, inner]) => <Value key={member} name={member} value={inner} word={word} />)}
      </div>
    </details>
  );
}

/** The members of an object or list; nothing for values that have none. */
function membersOf(value: Json): [string, Json][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = Object.entries(value);
  return members.length === 0 ? undefined : members;
}

function Leaf({ value, word }: { value: Json; word: string }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <span className={`json-${value === null ? 'null' : typeof value}`}><Marked text={text} word={word} /></span>;
}

function Marked({ text, word }: { text: string; word: string }): ReactNode {
  if (word === '') return text;
  return pieces(text, word).map(({ text: piece, isMatch }, index) => (isMatch ? <mark key={index}>{piece}</mark> : piece));
}
