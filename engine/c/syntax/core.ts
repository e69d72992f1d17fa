import { refuse, type Place } from '../source/place.ts';
import type { Token } from '../source/token.ts';
import { arrayOf, CHAR, ULONG, type CType, type FunctionType } from '../types/types.ts';
import type { Case, Expr, Global, Label, Local, Stmt } from './ast.ts';
import { Scopes } from './scope.ts';

const KEYWORDS = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
    'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas ' +
    '_Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local'
  ).split(' '),
);

/** What is known of the function whose body is being read. */
export interface FunctionContext {
  readonly name: string;
  readonly type: FunctionType;
  readonly locals: Local[];
  readonly labels: Map<string, { readonly label: Label; placed: boolean; readonly place: Place }>;
  /** The switch statements around, innermost last. */
  readonly switches: { readonly cases: Case[]; readonly type: CType }[];
  loops: number;
  /** Statements that compute sizes of arrays of variable length; they run before the declaration they belong to. */
  pending: Stmt[];
}

/** The parts of the parser call each other through this. */
export interface Parts {
  expression(): Expr;
  assignment(): Expr;
  constant(): bigint;
  startsType(): boolean;
  typeName(): CType;
  declaration(): Stmt[];
  block(): Stmt;
  statement(): Stmt;
  compoundLiteral(type: CType, place: Place): Expr;
}

/** The tokens of a program, its scopes, and what the parts of the parser share. */
export class Core {
  readonly scopes = new Scopes();
  readonly globals: Global[] = [];
  function: FunctionContext | null = null;
  parts!: Parts;
  private at = 0;
  private readonly literals = new Map<string, Global>();
  private serial = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get token(): Token {
    return this.tokens[this.at]!;
  }
  get place(): Place {
    return this.token.place;
  }
  ahead(count: number): Token {
    return this.tokens[Math.min(this.at + count, this.tokens.length - 1)]!;
  }
  next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  is(text: string): boolean {
    return this.isAt(0, text);
  }
  isAt(count: number, text: string): boolean {
    const token = this.ahead(count);
    return (token.kind === 'sign' || token.kind === 'name') && token.text === text;
  }
  takes(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }
  expect(text: string, after: string): void {
    if (this.takes(text)) return;
    const { token } = this;
    const found = token.kind === 'end' ? 'the text ends here' : `${token.text} stands here`;
    refuse(token.place, `${text} is missing ${after}: ${found}`);
  }

  isName(): boolean {
    return this.token.kind === 'name' && !KEYWORDS.has(this.token.text);
  }
  expectName(what: string): Token {
    if (!this.isName())
      refuse(this.place, `${what} is missing: ${this.token.text || 'the end of the text'} stands here`);
    return this.next();
  }

  unique(name: string): string {
    return `${name}.${++this.serial}`;
  }

  addGlobal(global: Omit<Global, 'kind'>): Global {
    const made: Global = { kind: 'global', ...global };
    this.globals.push(made);
    return made;
  }

  /** Literals of the same bytes are one object, as gcc's linker merges them. */
  literal(bytes: readonly number[], place: Place): Expr {
    const key = bytes.join();
    const type = arrayOf(CHAR, bytes.length + 1);
    let global = this.literals.get(key);
    if (global === undefined) {
      const init = { bytes: Uint8Array.from([...bytes, 0]), relocations: [] };
      global = this.addGlobal({ name: this.unique('.LC'), type, place, isStatic: true, align: 1, init, body: null, isLiteral: true }); // prettier-ignore
      this.literals.set(key, global);
    }
    return { kind: 'var', type, place, variable: global };
  }

  /** A variable of the current function that no name of the program leads to, unless it is declared. */
  addLocal(name: string, type: CType, place: Place, isParam = false): Local {
    const local: Local = { kind: 'local', name, type, place, isParam, addressTaken: false, align: 0, offset: 0, until: null }; // prettier-ignore
    this.function?.locals.push(local);
    return local;
  }

  /** Keeps the value of an expression of type size_t for later: the returned expression reads it. */
  keepSize(value: Expr): Expr {
    if (value.kind === 'int' || this.function === null) return value;
    const local = this.addLocal(this.unique('size'), ULONG, value.place);
    const target: Expr = { kind: 'var', type: ULONG, place: value.place, variable: local };
    const expr: Expr = { kind: 'assign', type: ULONG, place: value.place, target, value };
    this.function.pending.push({ kind: 'expr', expr, place: value.place });
    return target;
  }

  takePending(): Stmt[] {
    const { function: f } = this;
    if (f === null) return [];
    const { pending } = f;
    f.pending = [];
    return pending;
  }

  /** `__attribute__((…))`: what is known is returned, the rest changes nothing here. */
  attributes(): { packed: boolean; aligned: number } {
    const found = { packed: false, aligned: 1 };
    while (this.is('__attribute__') || this.is('__attribute')) {
      this.next();
      this.expect('(', 'behind __attribute__');
      this.expect('(', 'behind __attribute__(');
      while (!this.is(')')) {
        const name = this.next().text.replace(/^__(.*)__$/, '$1');
        if (name === 'packed') found.packed = true;
        if (this.takes('(')) {
          if (name === 'aligned') found.aligned = Number(this.parts.constant());
          else this.skipParentheses();
          this.expect(')', `behind the arguments of ${name}`);
        } else if (name === 'aligned') found.aligned = 16;
        this.takes(',');
      }
      this.expect(')', 'at the end of __attribute__');
      this.expect(')', 'at the end of __attribute__');
    }
    return found;
  }

  private skipParentheses(): void {
    for (let depth = 0; depth > 0 || !this.is(')');) {
      if (this.token.kind === 'end') return;
      const { text } = this.next();
      depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    }
  }
}
