import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

const IDS = new MatchDecorator({
  regexp: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  decoration: Decoration.mark({ class: 'cm-store-id' }),
});

/** The ids of stores stand without quotes; SQL's own colours would take them apart. */
export const storeIds = ViewPlugin.fromClass(
  class {
    ids: DecorationSet;

    constructor(view: EditorView) {
      this.ids = IDS.createDeco(view);
    }

    update(update: ViewUpdate): void {
      this.ids = IDS.updateDeco(update, this.ids);
    }
  },
  { decorations: (plugin) => plugin.ids },
);
