import { describe, expect, it } from 'vitest';
import { Refusal } from '../source/place.ts';
import { link } from '../compile/link.ts';
import { PREDEFINED } from '../headers/predefined.ts';
import { parse } from './parser.ts';

/** What is wrong with a program: line:column and the sentence. */
function refusalOf(text: string): string {
  try {
    const program = parse('test.c', text, () => null, PREDEFINED);
    link({ units: [program], roots: [], numberOf: () => null, start: { file: 'test.c', line: 1, col: 1 } });
  } catch (error) {
    if (error instanceof Refusal) return `${error.place.line}:${error.place.col} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('what is no program of the subset is refused with its place and the name of what is missing', () => {
  it.each([
    ['int main(void) { return x; }', '1:25 x is not declared'],
    ['int main(void) {\n  int a\n  return 0; }', '3:3 ; is missing at the end of the declaration: return stands here'],
    ['int main(void) { long double d; }', '1:18 long double is not in the lab’s C'],
    ['int main(void) { _Complex double d; }', '1:18 complex numbers are not in the lab’s C (_Complex)'],
    ['#include <pthread.h>\nint main(void) { return 0; }', '1:10 the header pthread.h is not in the lab’s library'],
    ['struct s { int a; }; int main(void) { struct s v; return v.b; }', '1:60 struct s has no member b'],
    ['int main(void) { const int c = 1; c = 2; }', '1:37 this cannot be assigned to: it is const'],
    ['int f(int a); int main(void) { return f(1, 2); }', '1:40 f takes 1 arguments, 2 are given'],
    [
      'int f(int a); int main(void) { return f(1); }',
      '1:39 the function f is declared but nowhere defined, and the lab’s library has none of that name',
    ],
    [
      'int main(void) { 5 = 6; }',
      '1:20 this cannot be assigned to: it is no variable or member, and no pointer leads to it',
    ],
    ['int main(void) { goto out; }', '1:23 the label out is nowhere in the function'],
    ['int main(void) { char *s = "abc; }', '1:28 the closing " is missing'],
    ['int main(void) { asm("nop"); }', '1:18 inline assembly is not in the lab’s C'],
    ['int main(void) { break; }', '1:18 break stands outside of any loop or switch'],
    ['int g(void) { return 0; }', '1:1 the program has no main'],
    ['int main(void) { int a[2] = {1, 2, 3}; }', '1:36 the initialiser has more values than int[2] takes'],
    ['#if 1\nint main(void) { return 0; }', '1:2 the #endif is missing'],
    ['int main(void) { return 08; }', '1:25 08 has a digit that is not octal'],
  ])('%s', (text, expected) => {
    expect(refusalOf(text)).toContain(expected);
  });
});
