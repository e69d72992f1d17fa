import { autocompletion, closeBrackets, completeAnyWord, type CompletionSource } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../../engine/protocol/player.ts';

export interface Editor {
  /** Marks what is wrong at its place. */
  show(problems: readonly Problem[]): void;
  destroy(): void;
}

export interface EditorOptions {
  readonly text: string;
  readonly library: readonly string[];
  changed(text: string): void;
  /** Ctrl+Enter. */
  load(): void;
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.meta, tags.processingInstruction], color: 'var(--code-keyword)' },
  { tag: tags.typeName, color: 'var(--code-type)' },
  { tag: [tags.string, tags.character], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
]);

const THEME = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--field)', color: 'var(--text)', fontSize: 'inherit' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontVariantLigatures: 'none', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--faint)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--line) 45%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1.5px',
    textUnderlineOffset: '0.2em',
  },
  '.cm-tooltip': { backgroundColor: 'var(--band)', border: '1px solid var(--line)', color: 'var(--text)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--strong)', color: 'var(--on-strong)' },
});

/**
 * An editor in a shadow root: there it makes its styles as constructed sheets, which the content policy allows; `style`
 * elements it forbids.
 */
export function makeEditor(host: HTMLElement, options: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const library: CompletionSource = (context) => {
    const word = context.matchBefore(/\w+/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    return {
      from: word.from,
      options: options.library.map((label) => ({ label, type: 'function' })),
      validFor: /^\w*$/,
    };
  };
  const load = Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (options.load(), true) }]));
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      load,
      lineNumbers(),
      history(),
      drawSelection(),
      indentUnit.of('  '),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      cpp(),
      syntaxHighlighting(COLOURS),
      highlightActiveLine(),
      lintGutter(),
      autocompletion({ override: [library, completeAnyWord] }),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ 'aria-label': 'Text of the program', tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.changed(update.state.doc.toString());
      }),
      THEME,
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  view.focus();
  return {
    show(problems) {
      const { doc } = view.state;
      const found = problems.map(({ line, column, message, remedy }) => {
        const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
        const from = Math.min(at.from + column - 1, at.to);
        const word = /^\w+|^\S/.exec(doc.sliceString(from, at.to))?.[0].length ?? 0;
        const to = Math.max(from + word, Math.min(from + 1, doc.length));
        return { from, to, severity: 'error' as const, message: `${message}; ${remedy}` };
      });
      view.dispatch(setDiagnostics(view.state, found));
    },
    destroy: () => view.destroy(),
  };
}
