import { refuse, type Place } from './place.ts';
import { NOTHING_HIDDEN, type Token, type TokenKind } from './token.ts';

/** Longest first: C17 6.4.6. */
const SIGNS = [
  '...', '<<=', '>>=', '->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '*=', '/=', '%=', '+=', '-=',
  '&=', '^=', '|=', '##', '[', ']', '(', ')', '{', '}', '.', '&', '*', '+', '-', '~', '!', '/', '%', '<', '>', '^', '|',
  '?', ':', ';', '=', ',', '#',
]; // prettier-ignore

const NAME = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
/** A preprocessing number: C17 6.4.8. */
const NUMBER = /\.?\d(?:[eEpP][+-]|[\w.])*/y;
const BLANK = /(?:[ \t\v\f\r]|\\\r?\n)+/y;

/** Splits a text into preprocessing tokens; the last one has the kind `end`. @throws Refusal */
export function tokenize(file: string, text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  let spaced = false;
  let startsLine = true;
  const place = (): Place => ({ file, line, col: at - lineStart + 1 });
  const countLines = (from: number, to: number): void => {
    for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) {
      line++;
      lineStart = i + 1;
    }
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const skip = (length: number): void => {
    countLines(at, at + length);
    at += length;
    spaced = true;
  };
  const take = (kind: TokenKind, length: number): void => {
    const token = {
      kind,
      text: text.slice(at, at + length),
      place: place(),
      spaced,
      startsLine,
      hidden: NOTHING_HIDDEN,
    };
    tokens.push(token);
    countLines(at, at + length);
    at += length;
    spaced = false;
    startsLine = false;
  };

  while (at < text.length) {
    const c = text[at]!;
    if (c === '\n') {
      skip(1);
      startsLine = true;
      continue;
    }
    const blank = match(BLANK);
    if (blank !== null) {
      skip(blank.length);
      continue;
    }
    if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      skip((end < 0 ? text.length : end) - at);
      continue;
    }
    if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) refuse(place(), 'the comment has no end');
      skip(end + 2 - at);
      continue;
    }
    const quote = /^(?:u8|[LuU])?(["'])/.exec(text.slice(at, at + 4));
    if (quote !== null) {
      const length = quotedLength(text, at + quote[0].length, quote[1]!, place()) + quote[0].length;
      take(quote[1] === '"' ? 'string' : 'char', length);
      continue;
    }
    const name = match(NAME);
    if (name !== null) {
      take('name', name.length);
      continue;
    }
    const number = match(NUMBER);
    if (number !== null) {
      take('number', number.length);
      continue;
    }
    const sign = SIGNS.find((candidate) => text.startsWith(candidate, at));
    if (sign === undefined) refuse(place(), `${JSON.stringify(c)} is no character of C`);
    take('sign', sign.length);
  }
  startsLine = true;
  take('end', 0);
  return tokens;
}

/** Characters up to the closing quote, that included. */
function quotedLength(text: string, from: number, quote: string, place: Place): number {
  for (let i = from; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') {
      if (text[i + 1] === '\r') i++;
      i++;
    } else if (text[i] === quote) return i + 1 - from;
  }
  return refuse(place, `the closing ${quote} is missing`);
}
