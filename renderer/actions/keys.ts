import { ACTION_IDS, ACTIONS, type ActionId } from '../../engine/protocol/actions.ts';
import { lab } from '../stores/lab.svelte.ts';
import { answerQuestion } from './answer.ts';
import { runAction } from './run-action.ts';

/** Roles whose widgets use arrows, letters and Space themselves. */
const WIDGETS = 'input, textarea, select, [contenteditable="true"], [data-takes-keys]';

/** While a question is on the screen. */
const CHOICE_KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const BY_KEY: ReadonlyMap<string, ActionId> = new Map(
  ACTION_IDS.flatMap((id) => ACTIONS[id].keys.map((key) => [key, id] as const)),
);

/** PgUp and PgDn come from clickers: they step wherever the focus is. */
const CLICKER = new Set(['PageDown', 'PageUp']);

const worksEverywhere = (name: string): boolean => {
  const id = BY_KEY.get(name);
  return id !== undefined && (ACTIONS[id].everywhere === true || CLICKER.has(name));
};

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const target = event.target as HTMLElement | null;
  const inWidget = target?.closest?.(WIDGETS) !== null && target !== document.body;
  if (inWidget && !worksEverywhere(name)) return;
  // A focused button takes Space and Enter itself.
  if ((name === ' ' || name === 'Shift+ ') && target?.closest?.('button, summary, a, [role="button"]') !== null) return;
  const choice = CHOICE_KEYS.indexOf(event.key.toLowerCase());
  if (lab.asking && name.length === 1 && choice >= 0 && answerQuestion(choice)) {
    event.preventDefault();
    return;
  }
  const action = BY_KEY.get(name);
  if (action === undefined) return;
  event.preventDefault();
  runAction(action);
}

function nameOf(event: KeyboardEvent): string {
  const ctrl = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  if (event.altKey) return `Alt+${event.key}`;
  // + lies on another key's upper half on many keyboards.
  if (ctrl !== '' && (event.key === '+' || event.key === '=')) return 'Ctrl++';
  const shift = event.shiftKey && (ctrl !== '' || event.key === ' ' || /^F\d/.test(event.key)) ? 'Shift+' : '';
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${ctrl}${shift}${key}`;
}
