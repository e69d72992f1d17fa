/** Random formats with random values: what the lab's printf writes is what the machine's libc writes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasGcc } from '../c/testing/with-gcc.ts';
import { Random } from '../testing/random.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const LINES = 250;
const LENGTHS: Readonly<Record<string, readonly string[]>> = {
  int: ['', 'hh', 'h', 'l', 'll', 'z', 'j', 't'],
  float: [''],
};
const EDGES = [0n, 1n, 7n, 9n, 10n, 127n, 128n, 255n, 256n, 32767n, 65535n, 2147483647n, 2147483648n, 4294967295n, 9223372036854775807n]; // prettier-ignore

/** Flags, width and precision, with the arguments that stars take. */
function shape(random: Random, flags: string, most: number): { text: string; args: string[] } {
  const args: string[] = [];
  let text = [...flags].filter(() => random.chance(0.25)).join('');
  if (random.chance(0.5)) text += random.chance(0.2) ? star(args, random.integer(-14, 14)) : random.integer(1, 24);
  if (random.chance(0.5)) text += random.chance(0.2) ? `.${star(args, random.integer(-2, most))}` : random.chance(0.1) ? '.' : `.${random.integer(0, most)}`; // prettier-ignore
  return { text, args };
}

function star(args: string[], value: number): string {
  args.push(String(value));
  return '*';
}

function integer(random: Random): string {
  const { text, args } = shape(random, '-+ #0', 20);
  const conversion = random.pick(['d', 'i', 'u', 'x', 'X', 'o'] as const);
  const length = random.pick(LENGTHS['int']!);
  const edge = random.pick(EDGES) + BigInt(random.integer(0, 2));
  const value = BigInt.asIntN(64, random.chance(0.4) ? -edge : edge);
  const literal = `${length === '' || length.startsWith('h') ? '(int)' : ''}0x${BigInt.asUintN(64, value).toString(16)}UL`;
  return line(`%${text}${length}${conversion}`, [...args, literal]);
}

function floating(random: Random): string {
  const { text, args } = shape(random, '-+ #0', 25);
  const conversion = random.pick(['f', 'e', 'g', 'a', 'F', 'E', 'G', 'A'] as const);
  const bits = random.chance(0.3)
    ? random.pick(['7ff0000000000000', 'fff0000000000000', '8000000000000000', '0', '1', '3ff0000000000000', '4023ffffffffffff', '3fb999999999999a']) // prettier-ignore
    : (BigInt(random.integer(960, 1090)) << 52n | (BigInt(random.integer(0, 2 ** 26)) << 26n) | BigInt(random.integer(0, 2 ** 26))).toString(16); // prettier-ignore
  return line(`%${text}${conversion}`, [...args, `number(0x${bits}UL)`]);
}

function other(random: Random): string {
  const { text, args } = shape(random, '-', 12);
  const words = ['""', '"a"', '"hello"', '"a longer text than any width"'];
  if (random.chance(0.6)) return line(`%${text}s`, [...args, random.pick(words)]);
  if (random.chance(0.5)) return line(`%${text.replace(/\..*/, '')}c%%`, [...args.slice(0, text.replace(/\..*/, '').includes('*') ? 1 : 0), String(random.integer(32, 126))]); // prettier-ignore
  return line(`%${text.replace(/\..*/, '')}p`, [...args.slice(0, text.replace(/\..*/, '').includes('*') ? 1 : 0), `(void *)${random.pick(['0', '0x1234', '0x7fffffffe000'])}`]); // prettier-ignore
}

const line = (format: string, args: readonly string[]): string =>
  `  printf("%d|", printf("${format}|", ${args.join(', ')})); snprintf(small, sizeof small, "${format}", ${args.join(', ')}); puts(small);`;

function program(seed: number): string {
  const random = new Random(seed);
  const lines = Array.from({ length: LINES }, () => random.pick([integer, integer, floating, other])(random));
  return `#include <stdio.h>\n#include <string.h>\nstatic double number(unsigned long bits) { double d; memcpy(&d, &bits, 8); return d; }\nint main(void) {\n  char small[12];\n${lines.join('\n')}\n  return 0;\n}\n`;
}

function withGcc(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'printf-'));
  try {
    writeFileSync(path.join(folder, 'p.c'), text);
    execFileSync('gcc', ['-O0', '-w', '-fno-builtin', '-o', 'p', 'p.c'], { cwd: folder, stdio: 'pipe' });
    return execFileSync('./p', { cwd: folder, encoding: 'latin1' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('printf writes what glibc writes', () => {
  it.skipIf(!hasGcc).each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i (skipped without gcc)', async (seed) => {
    const text = program(seed);
    const io = new TestIo({ 'p.c': text });
    const status = await run(['run', 'p.c'], io);
    const [got, want] = [io.stdout.split('\n'), withGcc(text).split('\n')];
    const first = want.findIndex((each, i) => got[i] !== each);
    const at = first < 0 ? '' : text.split('\n')[first + 5];
    expect({ status, at, got: got[first], stderr: io.stderr }).toEqual({
      status: 0,
      at: '',
      got: undefined,
      stderr: '',
    });
    expect(got.length).toBe(want.length);
  });
});
