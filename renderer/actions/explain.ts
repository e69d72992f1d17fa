import type { Term } from '../lib/glossary.ts';
import { lab } from '../stores/lab.svelte.ts';
import { words, type WordPlace } from '../stores/words.svelte.ts';

/** A pointer that only passes over a word does not ask for it. */
const REST_MS = 250;
/** Time to move the pointer from a word to its explanation. */
const LEAVE_MS = 250;

let timer: ReturnType<typeof setTimeout> | undefined;

export async function loadWords(): Promise<void> {
  const [{ TermFinder }, { TERMS }] = await Promise.all([import('../lib/find-terms.ts'), import('../lib/glossary.ts')]);
  words.finder = new TermFinder(TERMS);
}

/** The pointer rests on a word, or the keyboard has come to it. */
export function explain(term: Term, place: WordPlace, how: 'pointer' | 'focus'): void {
  clearTimeout(timer);
  if (words.shown?.term === term && words.shown.place.left === place.left) return;
  const show = (): void => {
    words.shown = { term, place };
  };
  if (how === 'focus') show();
  else timer = setTimeout(show, REST_MS);
}

/** The pointer has left the word: it may be on its way to the explanation. */
export function leaveWord(): void {
  clearTimeout(timer);
  timer = setTimeout(hush, LEAVE_MS);
}

/** The pointer has reached the explanation. */
export const stay = (): void => clearTimeout(timer);

export function hush(): void {
  clearTimeout(timer);
  words.shown = null;
}

/** All words, at this one. */
export function openWords(name: string): void {
  hush();
  words.wanted = name;
  lab.sheet = 'words';
}
