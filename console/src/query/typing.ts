import { EditorView } from '@codemirror/view';

/**
 * Puts what is typed into the statement instead of letting the browser do it: where it replaces coloured words, the
 * browser would keep their colours in style attributes, which the Content-Security-Policy forbids, and complain.
 */
export const typing = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { data, inputType } = event;
    if (inputType !== 'insertText' || data === null || view.composing) return false;
    event.preventDefault();
    const { from, to } = view.state.selection.main;
    const insert = () =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    const isTaken = view.state.facet(EditorView.inputHandler).some((take) => take(view, from, to, data, insert));
    if (!isTaken) view.dispatch(insert());
    return true;
  },
});
