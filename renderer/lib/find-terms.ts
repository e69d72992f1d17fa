import { ALONE, type Term } from './glossary.ts';

/** A piece of a text; `term` when it is a word of the glossary. */
export interface TextPart {
  readonly text: string;
  readonly term: Term | null;
}

/** Finds words of a glossary in texts. */
export class TermFinder {
  readonly #byForm = new Map<string, Term>();
  readonly #pattern: RegExp;

  constructor(terms: readonly Term[]) {
    for (const term of terms) for (const form of [term.name, ...term.forms]) this.#byForm.set(form.toLowerCase(), term);
    const forms = [...this.#byForm.keys()].filter((form) => !ALONE.has(form)).sort((a, b) => b.length - a.length);
    const words = forms.map((form) => form.replace(/[^\w ]/g, '\\$&')).join('|');
    // With its plural, and never inside of a longer word or of a name such as p0.rss or touch_w.
    this.#pattern = new RegExp(`(?<![\\w.])(?:${words || '(?!)'})(?:e?s)?(?![\\w(]|\\.\\w)`, 'gi');
  }

  /** The text in pieces that add up to it. A word is explained where it stands first. */
  split(text: string): TextPart[] {
    const parts: TextPart[] = [];
    const seen = new Set<Term>();
    let from = 0;
    for (const match of text.matchAll(this.#pattern)) {
      const term = this.termOf(match[0]);
      if (term === null || seen.has(term)) continue;
      seen.add(term);
      if (match.index > from) parts.push({ text: text.slice(from, match.index), term: null });
      parts.push({ text: match[0], term });
      from = match.index + match[0].length;
    }
    if (from < text.length) parts.push({ text: text.slice(from), term: null });
    return parts;
  }

  /** The term that a word or its plural stands for. */
  termOf(word: string): Term | null {
    const lower = word.toLowerCase();
    const found = [lower, lower.replace(/s$/, ''), lower.replace(/es$/, '')].map((form) => this.#byForm.get(form));
    return found.find((term) => term !== undefined) ?? null;
  }

  /** What a label in a picture is about: all of it, else the first term in it; null when there is none. */
  first(text: string): Term | null {
    const whole = this.termOf(text.trim());
    if (whole !== null) return whole;
    return this.split(text).find(({ term }) => term !== null)?.term ?? null;
  }
}
