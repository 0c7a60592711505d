import './editor.css';

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';

import type { StoreName } from '../sql/completion';
import { trino } from './dialect';
import { storeIds } from './store-ids';
import { completionSource } from './suggestions';
import { theme } from './theme';
import { typing } from './typing';

/** A place of the statement that something is wrong with. */
export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface SqlEditorHandle {
  /** Puts a text where the cursor is. */
  insert: (text: string) => void;
  focus: () => void;
}

export interface SqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Ctrl+Enter; with the statement as it stands in the editor, which may be ahead of `value`. */
  onRun: (statement: string) => void;
  /** Shift+Alt+F */
  onFormat: (statement: string) => void;
  stores: readonly StoreName[];
  fault?: Fault;
  label: string;
  ref?: Ref<SqlEditorHandle>;
}

/**
 * An editor of statements.
 *
 * It lives in a shadow root: there, and there only, CodeMirror brings its styles as adopted style sheets, which a
 * Content-Security-Policy without `unsafe-inline` allows.
 */
export default function SqlEditor({ value, onChange, onRun, onFormat, stores, fault, label, ref }: SqlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const known = useRef(stores);
  const changed = useEffectEvent(onChange);
  const run = useEffectEvent(onRun);
  const format = useEffectEvent(onFormat);

  useEffect(() => {
    known.current = stores;
  }, [stores]);

  useEffect(() => {
    if (!host.current) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const commands = keymap.of([
      { key: 'Mod-Enter', run: ({ state }) => (run(state.doc.toString()), true) },
      { key: 'Shift-Alt-f', run: ({ state }) => (format(state.doc.toString()), true) },
    ]);
    const listen = EditorView.updateListener.of((update) => {
      const isOurs = update.transactions.some((transaction) => transaction.annotation(given));
      if (update.docChanged && !isOurs) changed(update.state.doc.toString());
    });
    const extensions = [
      commands,
      listen,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      autocompletion({ override: [completionSource(() => known.current)], icons: false }),
      ...STANDARD,
    ];
    const view = new EditorView({ state: EditorState.create({ extensions }), parent: root, root });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [label]);

  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, annotations: given.of(true) });
  }, [value, label]);

  useEffect(() => {
    const view = editor.current;
    if (view) view.dispatch(setDiagnostics(view.state, fault ? [diagnostic(fault, view.state.doc.length)] : []));
  }, [fault, label]);

  useImperativeHandle(ref, () => ({
    insert: (text) => {
      const view = editor.current;
      if (!view) return;
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    focus: () => editor.current?.focus(),
  }));

  return <div ref={host} data-testid="sql-editor" />;
}

/** A change that the page made, which therefore knows of it. */
const given = Annotation.define<boolean>();

/** The statement may have been changed since; a place beyond its end is its end. */
function diagnostic({ from, to, message }: Fault, end: number): Diagnostic {
  return { from: Math.min(from, end), to: Math.min(to, end), severity: 'error', message };
}

/** Tab leaves the editor, as it leaves any field. */
const STANDARD: readonly Extension[] = [
  lineNumbers(),
  history(),
  drawSelection(),
  highlightActiveLine(),
  bracketMatching(),
  closeBrackets(),
  EditorView.lineWrapping,
  typing,
  storeIds,
  trino,
  theme,
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
];
