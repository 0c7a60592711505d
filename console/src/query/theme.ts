import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The page's palette reaches into the editor; what it lacks is in `editor.css`. */
const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: 'bold' },
    { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-text)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
    { tag: tags.standard(tags.name), color: 'var(--code-function)' },
    { tag: tags.typeName, color: 'var(--code-type)' },
    { tag: [tags.lineComment, tags.blockComment], color: 'var(--text-secondary)', fontStyle: 'italic' },
  ]),
);

const FRAME = EditorView.theme({
  '&': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-item)',
    fontSize: '14px',
  },
  '&.cm-focused': { outline: '2px solid var(--line-focus)', outlineOffset: '1px' },
  '.cm-content': { fontFamily: 'var(--font-mono)', minHeight: '220px', caretColor: 'var(--text)' },
  '.cm-scroller': { maxHeight: '50vh', overflow: 'auto' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface-code)',
    color: 'var(--text-secondary)',
    border: 'none',
    borderRadius: 'var(--radius-item) 0 0 var(--radius-item)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-item)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--line-selected)', color: 'var(--surface)' },
  '.cm-store-id, .cm-store-id span': { color: 'var(--code-type)' },
  '.cm-completionDetail': { color: 'inherit', opacity: 0.8, fontStyle: 'normal' },
  '.cm-diagnostic': { padding: '4px 8px', borderLeft: '4px solid var(--text-error)' },
});

export const theme = [FRAME, COLOURS];
