import type { TextProblem } from '../text/problem.ts';

export type TokenKind = 'number' | 'name' | 'variable' | 'page' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offsets: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * `p0:A+2` is one token: a plus that stands in it without white space belongs to the page, so `p0:A+2` is page 2 of A.
 * Longer operators stand before their beginnings.
 */
const PATTERN =
  /(?<space>\s+)|(?<page>(?:before\.)?p\d+:[A-Za-z_]\w*(?:\+\d+(?:b|%ram)?)*)|(?<variable>(?:before\.)?p\d+\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|->[A-Za-z_]\w*|\[\w+\])*)|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?<operator>==|!=|<=|>=|[<>+\-*/(),]|&(?=\s*(?:before\.)?p\d))/y;

export function tokensOf(text: string): { readonly tokens: readonly Token[]; readonly problem: TextProblem | null } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    PATTERN.lastIndex = at;
    const groups = PATTERN.exec(text)?.groups;
    if (groups === undefined) return { tokens, problem: strange(text, at) };
    const kind = (['space', 'page', 'variable', 'number', 'name', 'operator'] as const).find(
      (k) => groups[k] !== undefined,
    )!;
    const found = groups[kind]!;
    if (kind !== 'space') tokens.push({ kind, text: found, start: at, end: at + found.length });
    at += found.length;
  }
  tokens.push({ kind: 'end', text: 'the end', start: text.trimEnd().length, end: text.trimEnd().length });
  return { tokens, problem: null };
}

const REMEDIES: Readonly<Record<string, string>> = {
  '=': 'compare with ==',
  '&': 'write and',
  '|': 'write or',
  '!': 'write not, or != between two values',
};

function strange(text: string, at: number): TextProblem {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  return {
    start: at,
    end: at + character.length,
    message: `${character} is no part of an expression`,
    remedy: REMEDIES[character] ?? 'use names, numbers, comparisons, + - * /, and, or, not and parentheses',
  };
}
