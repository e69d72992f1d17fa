import { refuse } from './place.ts';
import { isSign, NOTHING_HIDDEN, type Token } from './token.ts';
import { tokenize } from './lexer.ts';

export interface Macro {
  readonly name: string;
  /** null for an object-like macro. */
  readonly params: readonly string[] | null;
  /** The name of the parameter that takes all further arguments. */
  readonly rest: string | null;
  readonly body: readonly Token[];
  /** __LINE__ and __FILE__ depend on where they stand. */
  readonly special?: (at: Token) => Token;
}

export type MacroTable = Map<string, Macro>;

/** Reads what follows `#define`. @param line the tokens of the line */
export function parseDefine(line: readonly Token[]): Macro {
  const [name, next] = line;
  if (name?.kind !== 'name') return refuse((name ?? line[0]!).place, 'a name must follow #define');
  if (next === undefined || !isSign(next, '(') || next.spaced) {
    return { name: name.text, params: null, rest: null, body: line.slice(1) };
  }
  const params: string[] = [];
  let rest: string | null = null;
  let i = 2;
  for (; i < line.length && !isSign(line[i]!, ')'); i++) {
    const token = line[i]!;
    if (isSign(token, ',')) continue;
    if (isSign(token, '...')) rest = '__VA_ARGS__';
    else if (token.kind !== 'name') refuse(token.place, 'a parameter of a macro must be a name');
    else if (i + 1 < line.length && isSign(line[i + 1]!, '...')) {
      rest = token.text;
      i++;
    } else params.push(token.text);
  }
  if (i === line.length) refuse(name.place, 'the parameters of the macro have no end');
  return { name: name.text, params, rest, body: line.slice(i + 1) };
}

/**
 * Replaces macros in a stream of tokens. Source: Dave Prosser's algorithm, from which C17 6.10.3 was written.
 * @param pull the next token, and whether one may be looked at without taking it
 */
export class Expander {
  private readonly pending: Token[] = [];

  constructor(
    private readonly macros: MacroTable,
    private readonly source: { next(): Token; peek(): Token },
  ) {}

  next(): Token {
    for (;;) {
      const token = this.pending.pop() ?? this.source.next();
      if (token.kind !== 'name' || !this.expand(token)) return token;
    }
  }

  private peek(): Token {
    return this.pending.at(-1) ?? this.source.peek();
  }

  private push(tokens: readonly Token[]): void {
    for (let i = tokens.length - 1; i >= 0; i--) this.pending.push(tokens[i]!);
  }

  /** @returns false when the name stands for itself */
  private expand(token: Token): boolean {
    const macro = this.macros.get(token.text);
    if (macro === undefined || token.hidden.has(token.text)) return false;
    if (macro.special !== undefined) {
      this.pending.push(macro.special(token));
      return true;
    }
    if (macro.params === null) {
      const hidden = new Set([...token.hidden, macro.name]);
      this.push(placed(substitute(macro, new Map(), this.macros), token, hidden));
      return true;
    }
    if (!isSign(this.peek(), '(')) return false;
    const { args, close } = this.readArguments(macro, token);
    const hidden = new Set([...token.hidden].filter((name) => close.hidden.has(name)));
    hidden.add(macro.name);
    this.push(placed(substitute(macro, args, this.macros), token, hidden));
    return true;
  }

  private readArguments(macro: Macro, at: Token): { args: Map<string, Token[]>; close: Token } {
    this.take();
    const lists: Token[][] = [[]];
    let depth = 0;
    for (;;) {
      const token = this.take();
      if (token.kind === 'end') refuse(at.place, `the arguments of ${macro.name} have no end`);
      if (depth === 0 && isSign(token, ')')) return { args: this.named(macro, lists, at), close: token };
      if (isSign(token, '(')) depth++;
      if (isSign(token, ')')) depth--;
      const takesRest = macro.rest !== null && lists.length > macro.params!.length;
      if (depth === 0 && isSign(token, ',') && !takesRest) lists.push([]);
      else lists.at(-1)!.push(token);
    }
  }

  private take(): Token {
    return this.pending.pop() ?? this.source.next();
  }

  private named(macro: Macro, lists: Token[][], at: Token): Map<string, Token[]> {
    const params = macro.params!;
    const empty = lists.length === 1 && lists[0]!.length === 0;
    const given = empty && params.length === 0 ? 0 : lists.length;
    if (given < params.length || (given > params.length && macro.rest === null && !(params.length === 0 && empty))) {
      refuse(at.place, `${macro.name} takes ${params.length} arguments, ${given} are given`);
    }
    const args = new Map<string, Token[]>();
    params.forEach((name, i) => args.set(name, lists[i]!));
    if (macro.rest !== null) args.set(macro.rest, lists[params.length] ?? []);
    return args;
  }
}

/** All macros of a list of tokens replaced. */
export function expandAll(tokens: readonly Token[], macros: MacroTable, end: Token): Token[] {
  let at = 0;
  const peek = (): Token => tokens[at] ?? end;
  const expander = new Expander(macros, { peek, next: () => tokens[at++] ?? end });
  const result: Token[] = [];
  for (let token = expander.next(); token !== end; token = expander.next()) result.push(token);
  return result;
}

/** The tokens take the place where the macro was used, and its hidden names. */
function placed(tokens: readonly Token[], at: Token, hidden: ReadonlySet<string>): Token[] {
  return tokens.map((token, i) => ({
    ...token,
    place: at.place,
    hidden: new Set([...token.hidden, ...hidden]),
    ...(i === 0 ? { spaced: at.spaced, startsLine: at.startsLine } : { startsLine: false }),
  }));
}

const END: Token = { kind: 'end', text: '', place: { file: '', line: 0, col: 0 }, spaced: false, startsLine: true, hidden: NOTHING_HIDDEN }; // prettier-ignore

/** The body of a macro with its arguments put in: C17 6.10.3.1 to 6.10.3.3. */
function substitute(macro: Macro, args: ReadonlyMap<string, Token[]>, macros: MacroTable): Token[] {
  const result: Token[] = [];
  const { body } = macro;
  for (let i = 0; i < body.length; i++) {
    const token = body[i]!;
    const next = body[i + 1];
    const argument = token.kind === 'name' ? args.get(token.text) : undefined;
    if (isSign(token, '#') && macro.params !== null && next?.kind === 'name' && args.has(next.text)) {
      result.push(stringized(args.get(next.text)!, token));
      i++;
    } else if (isSign(token, '##') && result.length > 0 && next !== undefined) {
      const right = args.get(next.text) ?? [next];
      // GNU: `, ## __VA_ARGS__` drops the comma when there are no arguments.
      if (isSign(result.at(-1)!, ',') && next.text === macro.rest) {
        if (right.length === 0) result.pop();
        else result.push(...right);
      } else if (right.length > 0) {
        const left = result.pop()!;
        result.push(pasted(left, right[0]!), ...right.slice(1));
      }
      i++;
    } else if (argument !== undefined && next !== undefined && isSign(next, '##')) {
      if (argument.length > 0) result.push(...spacedAs(argument, token));
      else i = skipEmptyPaste(body, i, args, result);
    } else if (argument !== undefined) {
      result.push(...spacedAs(expandAll(argument, macros, END), token));
    } else result.push(token);
  }
  return result;
}

/** `empty ## right` is right alone. */
function skipEmptyPaste(
  body: readonly Token[],
  i: number,
  args: ReadonlyMap<string, Token[]>,
  result: Token[],
): number {
  const right = body[i + 2];
  if (right === undefined) return i + 1;
  result.push(...(args.get(right.text) ?? [right]));
  return i + 2;
}

const spacedAs = (tokens: readonly Token[], like: Token): Token[] =>
  tokens.map((token, i) => (i === 0 ? { ...token, spaced: like.spaced } : token));

function stringized(tokens: readonly Token[], at: Token): Token {
  const text = tokens.map((token, i) => {
    const quoted = token.kind === 'string' || token.kind === 'char' ? token.text.replace(/["\\]/g, '\\$&') : token.text;
    return (token.spaced || token.startsLine) && i > 0 ? ` ${quoted}` : quoted;
  });
  return { ...at, kind: 'string', text: `"${text.join('')}"` };
}

function pasted(left: Token, right: Token): Token {
  const [token, end] = tokenize(left.place.file, left.text + right.text);
  if (token === undefined || end?.kind !== 'end')
    refuse(left.place, `## of ${left.text} and ${right.text} gives no token`);
  return { ...token, place: left.place, spaced: left.spaced, startsLine: false };
}
