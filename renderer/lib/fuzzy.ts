/** How well a text fits what was typed, and which of its letters were meant. */
export interface Match {
  /** More is better. */
  readonly score: number;
  /** Indexes of the letters that fit, rising. */
  readonly at: readonly number[];
}

const WORD_START = 8;
const ADJACENT = 6;
const TEXT_START = 4;
/** What a letter costs that was skipped in front of one that fits, at most so many times. */
const GAP = 0.1;
const LONGEST_GAP = 30;

const NOTHING: Match = { score: 0, at: [] };

/**
 * Fits each word that was typed into the text: its letters in their order, best where a word begins or where they stand
 * together. Letters alone decide, not upper or lower case.
 * @returns null when a word does not fit
 */
export function fuzzyMatch(typed: string, text: string): Match | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  const at = new Set<number>();
  let score = 0;
  for (const word of words) {
    const match = fitWord(word, lower);
    if (match === null) return null;
    score += match.score;
    for (const index of match.at) at.add(index);
  }
  return words.length === 0 ? NOTHING : { score, at: [...at].sort((a, b) => a - b) };
}

/** Tried from every place where the first letter stands: the first that fits is seldom the one that was meant. */
function fitWord(word: string, text: string): Match | null {
  let best: Match | null = null;
  for (let from = text.indexOf(word[0]!); from >= 0; from = text.indexOf(word[0]!, from + 1)) {
    const match = fitFrom(word, text, from);
    if (match === null) break;
    if (best === null || match.score > best.score) best = match;
  }
  return best;
}

function fitFrom(word: string, text: string, from: number): Match | null {
  const at: number[] = [];
  let score = from === 0 ? TEXT_START : 0;
  let next = from;
  for (const letter of word) {
    const index = text.indexOf(letter, next);
    if (index < 0) return null;
    const gap = at.length === 0 ? 0 : index - next;
    if (at.length > 0 && gap === 0) score += ADJACENT;
    if (startsWord(text, index)) score += WORD_START;
    score += 1 - Math.min(gap, LONGEST_GAP) * GAP;
    at.push(index);
    next = index + 1;
  }
  return { score, at };
}

const startsWord = (text: string, index: number): boolean => index === 0 || !/[\p{L}\p{N}]/u.test(text[index - 1]!);
