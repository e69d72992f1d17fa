import { lab } from '../stores/lab.svelte.ts';
import { answerQuestion } from './answer.ts';
import { select } from './select.ts';
import { bookmark, back, chapter, next, seek } from './step.ts';
import { openByDialog } from './open-scenario.ts';
import { code } from '../stores/code.svelte.ts';
import { runProgram, type ProgramCommand } from './run-program.ts';
import { toggleCode } from './edit-program.ts';
import { toggleHeap } from './show-heap.ts';
import { toggleCharts, toggleWalk } from './boards.ts';
import { toggleTheme } from './theme.ts';
import { turnColumns } from './turn-columns.ts';

/** Roles whose widgets use arrows, letters and Space themselves. */
const WIDGETS = 'input, textarea, select, [contenteditable="true"], [data-takes-keys]';

type Handler = () => unknown;

/** By KeyboardEvent.key; keys that need Ctrl have `Ctrl+` in front. What presenters and players use elsewhere. */
const KEYS: Record<string, Handler> = {
  ArrowRight: next,
  PageDown: next,
  ' ': next,
  n: next,
  ArrowLeft: back,
  PageUp: back,
  'Shift+ ': back,
  p: back,
  ArrowDown: () => chapter(1),
  ArrowUp: () => chapter(-1),
  Home: () => seek(0),
  End: () => seek(Infinity),
  ']': () => bookmark(1),
  '[': () => bookmark(-1),
  'Alt+ArrowRight': () => turnColumns(1),
  'Alt+ArrowLeft': () => turnColumns(-1),
  '?': () => (lab.sheet = lab.sheet === 'keys' ? null : 'keys'),
  Escape: escape,
  'Ctrl+o': openByDialog,
  'Ctrl+Shift+o': () => (lab.sheet = lab.sheet === 'lessons' ? null : 'lessons'),
  'Ctrl+Shift+d': () => (lab.overlay = !lab.overlay),
  t: toggleTheme,
  m: toggleHeap,
  c: toggleCode,
  v: () => inProgram('line'),
  i: () => inProgram('into'),
  u: () => inProgram('out'),
  r: () => inProgram('run'),
  w: toggleWalk,
  d: toggleCharts,
  '/': () => document.querySelector<HTMLInputElement>('[data-testid="console-input"]')?.focus(),
};

/** Controls of a program that is in view. */
const inProgram = (name: ProgramCommand): unknown => code.shown && runProgram(name);

/** While a question is on the screen. */
const CHOICE_KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Keys that work whatever has the focus. */
const EVERYWHERE = new Set(['PageDown', 'PageUp', 'Escape', 'Ctrl+o', 'Ctrl+Shift+o', 'Ctrl+Shift+d']);

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const target = event.target as HTMLElement | null;
  const inWidget = target?.closest?.(WIDGETS) !== null && target !== document.body;
  if (inWidget && !EVERYWHERE.has(name)) return;
  // A focused button takes Space and Enter itself.
  if ((name === ' ' || name === 'Shift+ ') && target?.closest?.('button, summary, a') !== null) return;
  const choice = CHOICE_KEYS.indexOf(event.key.toLowerCase());
  if (lab.asking && name.length === 1 && choice >= 0 && answerQuestion(choice)) {
    event.preventDefault();
    return;
  }
  const handler = KEYS[name];
  if (handler === undefined) return;
  event.preventDefault();
  void handler();
}

function nameOf(event: KeyboardEvent): string {
  const ctrl = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  if (event.altKey) return `Alt+${event.key}`;
  const shift = event.shiftKey && (ctrl !== '' || event.key === ' ') ? 'Shift+' : '';
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${ctrl}${shift}${key}`;
}

/** From the top: sheet, notice, refused text, question, console, selection. */
function escape(): void {
  if (lab.sheet !== null) lab.sheet = null;
  else if (lab.refused !== null) lab.refused = null;
  else if (lab.notice !== null) lab.notice = null;
  else if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  else if (lab.asking) lab.asking = false;
  else void select(null);
}
