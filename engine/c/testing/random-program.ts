import type { Random } from '../../testing/random.ts';

const INTEGERS = [
  'char', 'signed char', 'unsigned char', 'short', 'unsigned short', 'int', 'unsigned int', 'long', 'unsigned long',
  'long long', 'unsigned long long', '_Bool',
] as const; // prettier-ignore

/** A program of random expressions over variables of every arithmetic type, without undefined behaviour that matters. */
export class ProgramMaker {
  private readonly variables: { name: string; type: string }[] = [];

  constructor(private readonly random: Random) {}

  program(statements: number): string {
    const { random } = this;
    const lines: string[] = [];
    for (let i = 0; i < 14; i++) {
      const type = i < INTEGERS.length ? INTEGERS[i]! : i === 12 ? 'double' : 'float';
      const scope = random.chance(0.3) ? 'static ' : '';
      this.variables.push({ name: `v${i}`, type });
      lines.push(`${scope}${type} v${i} = ${this.constant(type)};`);
    }
    const fields =
      'struct { unsigned a : 3; int b : 7; long c : 35; unsigned long d : 40; short e : 9; } s = {1, -5, 77, 9, -3};';
    const body = [
      ...lines,
      fields,
      'int t[8] = {1, -2, 3, -4, 5, -6, 7, -8}; int *p = t + 3; int k = 0;',
      ...Array.from({ length: statements }, () => this.statement()),
      ...this.variables.map(({ name, type }) => (isFloat(type) ? `outd(${name});` : `out(${name});`)),
      'out(s.a); out(s.b); out(s.c); out(s.d); out(s.e); out(p - t);',
      'for (k = 0; k < 8; k++) out(t[k]); return 0;',
    ];
    return `int f(int x) { return x * 3 + 1; }\nlong g(long a, unsigned char b, short c) { return a ^ b ^ c; }\nint main(void) {\n${body.join('\n')}\n}\n`;
  }

  private statement(): string {
    const { random } = this;
    const target = random.pick(this.variables);
    const value = this.expression(random.integer(1, 4));
    switch (random.integer(0, 12)) {
      case 0:
        return `if (${value}) ${target.name} = ${this.guarded(target.type, this.expression(2))}; else k++;`;
      case 1:
        return `out((long)(${this.integer(3)}));`;
      case 2:
        return `outd(${this.float(3)});`;
      case 3:
        return `s.${random.pick(['a', 'b', 'c', 'd', 'e'])} ${random.pick(['=', '+=', '^=', '-='])} ${this.integer(2)};`;
      case 4:
        return `t[(${this.integer(1)}) & 7] ${random.pick(['=', '+=', '-=', '^='])} ${this.integer(2)};`;
      case 5:
        return `k = ${this.integer(1)} & 7; t[k & 7] = k++ + t[1];`;
      case 6:
        return `for (k = 0; k < ${random.integer(1, 5)}; k++) { if (k == 3) continue; ${target.name} ${isFloat(target.type) ? '+= 1' : '^= k + 1'}; }`;
      case 7:
        return `switch ((${this.integer(2)}) & 3) { case 0: out(0); case 1: out(1); break; case 3: out(3); break; default: out(9); }`;
      case 8:
        return `p = t + ((${this.integer(1)}) & 7); *p = ${this.integer(2)};`;
      case 9:
        return `out(g(${this.integer(2)}, ${this.integer(1)}, ${this.integer(1)}));`;
      case 10:
        return isFloat(target.type) ? `${target.name} *= 1.5;` : `${target.name}${random.pick(['++', '--'])};`;
      default:
        if (isFloat(target.type)) return `${target.name} = ${this.guarded(target.type, this.float(2))};`;
        return `${target.name} ${random.pick(['=', '+=', '-=', '*=', '&=', '|=', '^='])} ${this.integer(3)};`;
    }
  }

  /** Floats stay small, as too large ones have no integer. */
  private guarded(type: string, e: string): string {
    return isFloat(type) ? `(((long)(${e})) % 1000) / 4.0` : e;
  }

  private expression(depth: number): string {
    return this.random.chance(0.15) ? `((long)(${this.float(depth)}) & 0xffff)` : this.integer(depth);
  }

  private float(depth: number): string {
    const { random } = this;
    if (depth <= 0)
      return random.chance(0.5) ? random.pick(['v12', 'v13', '0.5f', '-2.25', '1e3']) : `(${this.integer(0)}) % 100`;
    const op = random.pick(['+', '-', '*']);
    return `((${this.float(depth - 1)}) ${op} (double)(int)(${this.integer(depth - 1)}))`.replace(
      '(double)(int)',
      random.pick(['(double)(int)', '(float)(short)']),
    );
  }

  private integer(depth: number): string {
    const { random } = this;
    if (depth <= 0) {
      const variable = random.pick(this.variables.filter(({ type }) => !isFloat(type)));
      return random.pick([
        variable.name,
        variable.name,
        this.constant(random.pick(INTEGERS)),
        't[2]',
        '*p',
        's.b',
        '(long)s.c',
        's.a',
        'k',
        '(unsigned long)s.d',
        's.e',
      ]);
    }
    const a = this.integer(depth - 1);
    const b = this.integer(depth - 1);
    switch (random.integer(0, 11)) {
      case 0:
        return `(${a}) ${random.pick(['/', '%'])} (((${b}) & 15) + 1)`;
      case 1:
        return `((${a}) << ((${b}) & 7))`;
      case 2:
        return `((${a}) >> ((${b}) & 7))`;
      case 3:
        return `((${random.pick(INTEGERS)})(${a}))`;
      case 4:
        return `((${a}) ${random.pick(['<', '<=', '>', '>=', '==', '!='])} (${b}))`;
      case 5:
        return `((${a}) ${random.pick(['&&', '||'])} (${b}))`;
      case 6:
        return `((${a}) ? (${b}) : (${this.integer(depth - 1)}))`;
      case 7:
        return `(${random.pick(['-', '~', '!', '+'])}(${a}))`;
      case 8:
        return `f(${a})`;
      case 9:
        return `((${a}), (${b}))`;
      default:
        return `((${a}) ${random.pick(['+', '-', '*', '&', '|', '^'])} (${b}))`;
    }
  }

  private constant(type: string): string {
    const { random } = this;
    if (isFloat(type)) return `${random.integer(-100, 100) / 8}`;
    const size = random.pick([7, 100, 300, 70_000, 2_000_000_000, 9e15]);
    const value = Math.floor(random.next() * size) * (random.chance(0.3) ? -1 : 1);
    const text = Math.abs(value) > 2 ** 31 - 1 ? `${value}L` : `${value}${random.pick(['', '', 'U', 'L', 'UL'])}`;
    return value < 0 ? `(${text})` : text;
  }
}

const isFloat = (type: string): boolean => type === 'double' || type === 'float';
