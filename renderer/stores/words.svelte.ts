import type { TermFinder } from '../lib/find-terms.ts';
import type { Term } from '../lib/glossary.ts';

/** Where a word stands on the screen. CSS pixels. */
export interface WordPlace {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What is known of words, and which of them is explained. Only actions write here. */
class Words {
  /** Null until the first picture stands: nobody waits for the glossary. */
  finder = $state.raw<TermFinder | null>(null);
  /** The word that is explained beside it. */
  shown = $state.raw<{ readonly term: Term; readonly place: WordPlace } | null>(null);
  /** Name of the term that the sheet of words opens at. */
  wanted = $state<string | null>(null);
}

export const words = new Words();
