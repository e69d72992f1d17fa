import { lab } from '../stores/lab.svelte.ts';
import { words } from '../stores/words.svelte.ts';
import { select } from './select.ts';

/** Escape, from the top: what a word means, sheet, refused text, notice, text field, question, selection. */
export function release(): void {
  if (words.shown !== null) words.shown = null;
  else if (lab.sheet !== null) lab.sheet = null;
  else if (lab.refused !== null) lab.refused = null;
  else if (lab.notice !== null) lab.notice = null;
  else if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  else if (lab.asking) lab.asking = false;
  else void select(null);
}
