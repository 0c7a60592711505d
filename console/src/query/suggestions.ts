import { type Completion, type CompletionSource, snippetCompletion } from '@codemirror/autocomplete';

import { complete, type StoreName, type Suggestion } from '../sql/completion';

const TYPES: Record<Suggestion['kind'], string> = {
  column: 'property',
  function: 'function',
  keyword: 'keyword',
  store: 'class',
};
/** Columns before functions before keywords. */
const BOOSTS: Record<Suggestion['kind'], number> = { store: 3, column: 2, function: 1, keyword: 0 };

/** What CodeMirror offers while one writes. */
export function completionSource(stores: () => readonly StoreName[]): CompletionSource {
  return (context) => {
    const statement = context.state.doc.toString();
    const completion = complete(statement.slice(0, context.pos), statement, stores());
    if (completion === undefined) return null;
    const isAsked = context.explicit || context.pos > completion.from || statement[completion.from - 1] === '.';
    if (!isAsked) return null;
    return { from: completion.from, options: completion.suggestions.map(option), validFor: /^[\p{L}\p{N}_]*$/u };
  };
}

function option({ kind, label, detail, insert }: Suggestion): Completion {
  const base = { label, detail, type: TYPES[kind], boost: BOOSTS[kind] };
  if (insert === undefined) return base;
  return insert.includes('${}') ? snippetCompletion(insert, base) : { ...base, apply: insert };
}
