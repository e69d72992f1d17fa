import { conditionValue } from './condition.ts';
import { tokenize } from './lexer.ts';
import { Expander, expandAll, parseDefine, type MacroTable } from './macros.ts';
import { refuse, type Place } from './place.ts';
import { isSign, type Token } from './token.ts';

/** The text of a header, or null when there is none of that name. */
export type HeaderLookup = (name: string) => string | null;

/** Deepest nesting of #include. Source: gcc -fmax-include-depth. */
const MAX_INCLUDES = 200;

/** One file being read. */
interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly conditions: { taking: boolean; taken: boolean; readonly place: Place; sawElse: boolean }[];
}

/**
 * The tokens of a program after preprocessing: C17 6.10. `#include` finds the headers it is given and nothing else.
 * @throws Refusal
 */
export class Preprocessor {
  private readonly readers: Reader[] = [];
  private readonly included = new Set<string>();
  private readonly macros: MacroTable = new Map();
  private readonly expander: Expander;

  constructor(
    file: string,
    text: string,
    private readonly headers: HeaderLookup,
    predefined: string,
  ) {
    this.defineSpecials();
    this.open('<predefined>', predefined);
    this.expander = new Expander(this.macros, { next: () => this.raw(true), peek: () => this.raw(false) });
    while (this.raw(false).kind !== 'end') this.raw(true);
    this.readers.length = 0;
    this.open(file, text);
  }

  /** The next token with macros replaced. */
  next(): Token {
    return this.expander.next();
  }

  private open(file: string, text: string): void {
    this.readers.push({ tokens: tokenize(file, text), at: 0, conditions: [] });
  }

  private defineSpecials(): void {
    const special = (name: string, make: (at: Token) => Partial<Token>): void => {
      this.macros.set(name, { name, params: null, rest: null, body: [], special: (at) => ({ ...at, ...make(at) }) });
    };
    special('__LINE__', (at) => ({ kind: 'number', text: `${at.place.line}` }));
    special('__FILE__', (at) => ({ kind: 'string', text: JSON.stringify(at.place.file) }));
  }

  /** The next token of the files, directives carried out. @param takes false to leave it where it is */
  private raw(takes: boolean): Token {
    for (;;) {
      const reader = this.readers.at(-1)!;
      const token = reader.tokens[reader.at]!;
      if (token.kind === 'end') {
        const open = reader.conditions.at(-1);
        if (open !== undefined) refuse(open.place, 'the #endif is missing');
        if (this.readers.length === 1) return token;
        this.readers.pop();
      } else if (isSign(token, '#') && token.startsLine) this.directive(reader);
      else if (reader.conditions.every((condition) => condition.taking)) {
        if (takes) reader.at++;
        return token;
      } else reader.at++;
    }
  }

  private directive(reader: Reader): void {
    const hash = reader.tokens[reader.at++]!;
    const line: Token[] = [];
    while (!reader.tokens[reader.at]!.startsLine) line.push(reader.tokens[reader.at++]!);
    const [name, ...rest] = line;
    if (name === undefined) return;
    if (this.conditional(reader, name, rest)) return;
    if (!reader.conditions.every((condition) => condition.taking)) return;
    switch (name.text) {
      case 'define': {
        const macro = parseDefine(rest.length > 0 ? rest : [hash]);
        this.macros.set(macro.name, macro);
        return;
      }
      case 'undef':
        this.macros.delete(rest[0]?.text ?? '');
        return;
      case 'include':
        this.include(name, rest);
        return;
      case 'error':
        return refuse(name.place, `#error ${rest.map((token) => token.text).join(' ')}`);
      case 'pragma':
        if (rest[0]?.text === 'pack')
          refuse(rest[0].place, '#pragma pack is not in the lab’s C; use __attribute__((packed))');
        return;
      case 'warning':
      case 'line':
      case 'ident':
        return;
      default:
        refuse(name.place, `#${name.text} is no directive`);
    }
  }

  /** #if and its family. @returns false when it was another directive */
  private conditional(reader: Reader, name: Token, rest: readonly Token[]): boolean {
    const { conditions } = reader;
    const reached = conditions.every((condition) => condition.taking);
    const open = (taking: boolean): void => {
      conditions.push({ taking, taken: taking || !reached, place: name.place, sawElse: false });
    };
    const current = conditions.at(-1);
    const around = conditions.slice(0, -1).every((condition) => condition.taking);
    switch (name.text) {
      case 'if':
        open(reached && this.condition(rest, name.place));
        return true;
      case 'ifdef':
      case 'ifndef':
        open(reached && this.macros.has(rest[0]?.text ?? '') === (name.text === 'ifdef'));
        return true;
      case 'elif':
      case 'else':
        if (current === undefined || current.sawElse) return refuse(name.place, `#${name.text} without an #if`);
        current.sawElse = name.text === 'else';
        current.taking = !current.taken && around && (name.text === 'else' || this.condition(rest, name.place));
        current.taken ||= current.taking;
        return true;
      case 'endif':
        if (conditions.pop() === undefined) refuse(name.place, '#endif without an #if');
        return true;
      default:
        return false;
    }
  }

  private condition(tokens: readonly Token[], place: Place): boolean {
    const known: Token[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token.text !== 'defined') {
        known.push(token);
        continue;
      }
      const wrapped = i + 1 < tokens.length && isSign(tokens[i + 1]!, '(');
      const asked = tokens[i + (wrapped ? 2 : 1)];
      if (asked?.kind !== 'name') return refuse(token.place, 'a name must follow defined');
      known.push({ ...token, kind: 'number', text: this.macros.has(asked.text) ? '1' : '0' });
      i += wrapped ? 3 : 1;
    }
    const end: Token = { ...this.readers[0]!.tokens.at(-1)! };
    return conditionValue(expandAll(known, this.macros, end), place) !== 0n;
  }

  private include(name: Token, rest: readonly Token[]): void {
    const [first] = rest;
    const quoted = first?.kind === 'string';
    const file = quoted
      ? first!.text.slice(1, -1)
      : rest
          .slice(1, -1)
          .map((token) => token.text)
          .join('');
    if (first === undefined || (!quoted && !isSign(first, '<')))
      return refuse(name.place, '#include needs <NAME> or "NAME"');
    const text = this.headers(file);
    if (text === null) return refuse(first.place, `the header ${file} is not in the lab’s library`);
    if (this.readers.length >= MAX_INCLUDES) refuse(name.place, 'includes nest too deeply');
    // Every header of the lab declares things once.
    if (this.included.has(file)) return;
    this.included.add(file);
    this.open(`<${file}>`, text);
  }
}
