import type { Place } from './place.ts';

export type TokenKind = 'name' | 'number' | 'string' | 'char' | 'sign' | 'end';

/** A preprocessing token. */
export interface Token {
  readonly kind: TokenKind;
  /** As written, quotes and prefixes included. */
  readonly text: string;
  readonly place: Place;
  /** White space stands before it. */
  readonly spaced: boolean;
  /** First of its line. */
  readonly startsLine: boolean;
  /** Macros that must not be expanded in it again. Source: Dave Prosser's algorithm, WG14 X3J11/86-196. */
  readonly hidden: ReadonlySet<string>;
}

export const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

export const isSign = (token: Token, text: string): boolean => token.kind === 'sign' && token.text === text;
