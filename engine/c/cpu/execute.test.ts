import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runFlat } from '../testing/run-flat.ts';
import { OPERATIONS } from './isa.ts';

describe('the processor', () => {
  it('has a case for every operation under its own number', () => {
    const source = readFileSync(new URL('execute.ts', import.meta.url), 'utf8');
    const cases = [...source.matchAll(/case (\d+): (?:\{ ?)?\s*\/\/ (\w+)/g)].map(
      ([, number, name]) => `${number} ${name}`,
    );
    expect(cases.sort()).toEqual(
      OPERATIONS.map((name, i) => `${i} ${name}`)
        .filter((text) => text !== '0 ILLEGAL')
        .sort(),
    );
  });

  it.each([
    ['a division by zero', 'int main(void) { int z = 0; return 1 / z; }', 8],
    ['a quotient that does not fit', 'int main(void) { long a = 1L << 63, b = -1; return a / b; }', 8],
    ['a load through a null pointer', 'int main(void) { int *p = 0; return *p; }', 11],
    ['a store to a literal', 'int main(void) { char *s = "text"; *s = 1; return 0; }', 11],
    ['a call to nowhere', 'int main(void) { int (*f)(void) = (int (*)(void))16; return f(); }', 11],
    [
      'recursion without end',
      'int f(int n) { char b[4000]; b[0] = n; return f(n + 1) + b[0]; } int main(void) { return f(0); }',
      11,
    ],
    [
      'a return address that was overwritten',
      'int f(void) { long b[1]; b[2] = 0x4141414141; return 0; } int main(void) { return f(); }',
      11,
    ],
  ])('ends %s in a signal', (_what, text, signal) => {
    let caught: unknown = null;
    try {
      runFlat(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ signal });
  });
});
