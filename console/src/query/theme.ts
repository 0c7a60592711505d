import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours in pairs, for the light and the dark page; each has a contrast of 4.5 at least to what is behind it. */
const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, color: 'light-dark(#0033b3, #75b5ff)', fontWeight: 'bold' },
    { tag: [tags.string, tags.special(tags.string)], color: 'light-dark(#067d17, #7ee787)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#a02c00, #ffb86b)' },
    { tag: tags.standard(tags.name), color: 'light-dark(#7d2a8c, #e2a6ff)' },
    { tag: tags.typeName, color: 'light-dark(#00627a, #5fd3e6)' },
    { tag: [tags.lineComment, tags.blockComment], color: 'light-dark(#5f6b7a, #a4b1c1)', fontStyle: 'italic' },
  ]),
);

const FRAME = EditorView.theme({
  '&': {
    color: 'light-dark(#0f141a, #dedee3)',
    backgroundColor: 'light-dark(#ffffff, #161d26)',
    border: '1px solid light-dark(#8c8c94, #656871)',
    borderRadius: '8px',
    fontSize: '14px',
  },
  '&.cm-focused': { outline: '2px solid light-dark(#006ce0, #42b4ff)', outlineOffset: '1px' },
  '.cm-content': {
    fontFamily: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'D2Coding', monospace",
    minHeight: '160px',
    caretColor: 'light-dark(#000000, #ffffff)',
  },
  '.cm-scroller': { maxHeight: '50vh', overflow: 'auto' },
  '.cm-cursor': { borderLeftColor: 'light-dark(#000000, #ffffff)' },
  '.cm-gutters': {
    backgroundColor: 'light-dark(#f6f6f9, #1b232d)',
    color: 'light-dark(#5f6b7a, #a4b1c1)',
    border: 'none',
    borderRadius: '8px 0 0 8px',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'light-dark(#f0f4fa80, #232b3780)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#bcd9ff, #2b4a73)',
  },
  '.cm-tooltip': {
    backgroundColor: 'light-dark(#ffffff, #1b232d)',
    color: 'light-dark(#0f141a, #dedee3)',
    border: '1px solid light-dark(#c6c6cd, #424650)',
    borderRadius: '4px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'light-dark(#006ce0, #42b4ff)',
    color: 'light-dark(#ffffff, #000716)',
  },
  '.cm-completionDetail': { color: 'inherit', opacity: 0.8, fontStyle: 'normal' },
  '.cm-diagnostic': { padding: '4px 8px', borderLeft: '4px solid light-dark(#d91515, #ff7a7a)' },
});

export const theme = [FRAME, COLOURS];
