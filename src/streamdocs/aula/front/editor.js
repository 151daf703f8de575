// A cell's code, to be edited where it stands.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are the style sheet's, which knows of light and dark.
const style = HighlightStyle.define([
  { tag: tags.comment, class: "aula-comment" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], class: "aula-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "aula-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "aula-number" },
]);

/**
 * @param {string} source
 * @param {string} label what a screen reader calls it
 * @param {() => void} run
 * @param {() => void} [changed] told of each change, of a program: what is wrong in it has a line
 */
export function editor(source, label, run, changed) {
  // Tab leaves the editor, as it leaves any field: who has no mouse must get out.
  const keys = [{ key: "Shift-Enter", run: () => (run(), true) }, ...defaultKeymap, ...historyKeymap];
  const view = new EditorView({
    state: EditorState.create({
      doc: source,
      extensions: [
        keymap.of(keys),
        history(),
        changed ? lineNumbers() : [],
        drawSelection(),
        bracketMatching(),
        indentUnit.of("    "),
        syntaxHighlighting(style),
        python(),
        EditorView.updateListener.of((update) => update.docChanged && changed?.()),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      ],
    }),
  });
  return {
    element: view.dom,
    text: () => view.state.doc.toString(),
    /** @param {string} text */
    fill: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}
