import { useMemo } from 'react';

import { useTexts } from '../i18n/useTexts';
import type { Json } from '../records/record';
import { diffOf, type DiffLine } from './diff';
import './diff.css';
import { TEXT } from './text';

/** What changed between the parameters of two calls: removed in red, added in green. */
export function Diff({ before, after }: { before: Json | undefined; after: Json | undefined }) {
  const text = useTexts(TEXT);
  const lines = useMemo(() => diffOf(before, after), [before, after]);
  const changed = lines.filter(({ kind }) => kind !== 'same');
  const same = lines.length - changed.length;
  return (
    <div className="diff mono" role="list" aria-label={text.parameters}>
      {changed.map((line) => <Line key={`${line.kind} ${line.path}`} line={line} />)}
      {same > 0 && <div role="listitem" className="diff-same">{text.unchanged(same)}</div>}
    </div>
  );
}

function Line({ line: { kind, path, value } }: { line: DiffLine }) {
  const text = useTexts(TEXT);
  const isAdded = kind === 'added';
  return (
    <div role="listitem" className={isAdded ? 'diff-added' : 'diff-removed'}>
      <span aria-hidden>{isAdded ? '+' : '−'}</span>
      <span className="unseen">{isAdded ? text.added : text.removed}</span>
      <span>
        <span className="diff-path">{path.replace(/^\./, '')}</span> {value}
      </span>
    </div>
  );
}
