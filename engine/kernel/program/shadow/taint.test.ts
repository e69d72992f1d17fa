import { expect, test } from 'vitest';
import { FRAME } from '../../../base/flags.ts';
import { contentByte } from '../../../mm/frame-bytes.ts';
import { Random } from '../../../testing/random.ts';
import type { Command } from '../../../protocol/commands.ts';
import { boot, restore, capture, step, type KernelState } from '../../index.ts';
import { isAlive } from '../../../proc/task.ts';
import { markedPieces } from './marks.ts';

/** Two secrets. What differs between a machine that has the one and a machine that has the other is a copy of it. */
const SECRETS = [
  [0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xd3, 0xd4, 0xd5, 0xd6],
  [0x83, 0x84, 0x85, 0x86, 0x87, 0x93, 0x94, 0x95, 0x96, 0x97, 0xa3, 0xa4, 0xa5, 0xa6],
] as const;

/** A program that copies a secret in every way there is, in random order. */
function randomProgram(random: Random, values: readonly number[]): string {
  const n = (): number => random.integer(1, 14);
  const from = (): string => random.pick(['key', 'heap', 'global', 'other', 'local', 'r.text']);
  const to = (): string => random.pick(['heap', 'global', 'other', 'local', 'r.text']);
  const parts: (() => string)[] = [
    () => `memcpy(${to()}, ${from()}, ${n()});`,
    () => `memmove(${to()} + ${random.integer(0, 6)}, ${from()} + ${random.integer(0, 6)}, ${n()});`,
    () => `for (int i = ${random.integer(0, 4)}; i < ${n()}; i++) ${to()}[i] = ${from()}[13 - i];`,
    () => `deep(${from()}, ${random.integer(1, 4)});`,
    () => `r = turn(r, ${from()});`,
    () => `{ long w; memcpy(&w, ${from()}, 8); long v = w; memcpy(${to()}, &v, 8); }`,
    () => `{ int *w = (int *)${from()}; int v = w[1]; ((int *)${to()})[2] = v; }`,
    () => `heap = realloc(heap, ${random.integer(2, 30) * 16});`,
    () => `free(other); other = calloc(1, ${random.integer(2, 20) * 16});`,
    () => `strncpy(${to()}, ${from()}, ${n()});`,
    () => `snprintf(${to()}, ${n() + 1}, "%.5s", ${from()});`,
    () => `memset(${to()}, 0, ${random.integer(1, 24)});`,
    () => `pass(${from()}[3], ${from()}[7]);`,
    () =>
      `if (children < 2) { children++; if (fork() == 0) { memcpy(${to()}, ${from()}, ${n()}); deep(${from()}, 2); if (${random.integer(0, 1)}) _exit(0); pause(); } }`,
  ];
  const body = Array.from({ length: 40 }, () => `  ${random.pick(parts)()}`).join('\n');
  return `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
struct r { long n; char text[40]; };
unsigned char key[16];
char global[64];
int children, sum;
void deep(char *p, int n) { char copy[48]; memcpy(copy, p, 13); if (n > 0) deep(copy, n - 1); }
struct r turn(struct r r, char *p) { r.text[17] = p[2]; r.text[20] = p[9]; return r; }
void pass(char a, unsigned char b) { char two[2]; two[0] = b; two[1] = a; sum += two[0] == 0; }
int main(void) {
  unsigned char values[] = { ${values.map((value) => value - 0x70).join(', ')} };
  for (int i = 0; i < 14; i++) key[i] = values[i] + 0x70;
  char *heap = calloc(1, 64), *other = calloc(1, 64);
  char local[64] = { 0 };
  struct r r;
  memset(&r, 0, sizeof r);
  // faultline: secret key 14
  sum = 0;
${body}
  return 0;
}
`;
}

/** Every byte of every frame and slot that has a value of the one secret here and of the other there. */
function searched(k: KernelState, twin: KernelState): string[] {
  const found: string[] = [];
  const look = (kind: string, index: number, content: number, other: number): void => {
    for (let offset = 0; offset < 4096; offset++) {
      const here = SECRETS[0].indexOf(contentByte(k, content, offset) as never);
      if (here >= 0 && contentByte(twin, other, offset) === SECRETS[1][here]) found.push(`${kind} ${index}+${offset}`);
    }
  };
  for (let frame = 0; frame < k.frames.rows; frame++) {
    if (k.frames.kind[frame] !== FRAME.TABLE)
      look('frame', frame, k.frames.content[frame]!, twin.frames.content[frame]!);
  }
  for (let slot = 0; slot < k.swapSlots.rows; slot++) look('slot', slot, k.swapSlots.content[slot]!, twin.swapSlots.content[slot]!); // prettier-ignore
  return found.sort();
}

const followed = (k: KernelState): string[] =>
  markedPieces(k)
    .flatMap(({ kind, index, offset, length }) => Array.from({ length }, (_, i) => `${kind} ${index}+${offset + i}`))
    .sort();

const MACHINE = { ramPages: 96, swapPages: 80, seed: 3, overcommit: 0, image: 'bare', checked: true } as const;

let swapped = 0;

test.each([1, 2, 3, 4, 5, 8, 9, 10])('a secret is where a search of every byte finds it, seed %i', (seed) => {
  const machines = SECRETS.map((values) => boot({ ...MACHINE, programs: [{ name: 'keeper', text: randomProgram(new Random(seed), values) }] })); // prettier-ignore
  const [k, twin] = machines as [KernelState, KernelState];
  const both = (command: Command): ReturnType<typeof step> => machines.map((each) => step(each, command))[0]!;
  const random = new Random(seed + 1000);
  both({ op: '@slice', instructions: 40 });
  both({ task: 0, op: 'exec', image: 'keeper', args: [] });
  let most = 0;
  for (let i = 0; i < 40; i++) {
    const { program } = both({ op: '@run', instructions: random.integer(30, 160) });
    const [name, pages] = random.pick([['heap', 2], ['stack', 33], ['bss', 1]] as const); // prettier-ignore
    const range = { offset: { bytes: 0, ramPercent: 0 }, length: { bytes: pages * 4096, ramPercent: 0 } };
    if (isAlive(k, 0) && random.chance(0.4)) both({ task: 0, op: 'madvise', name, ...range, advice: 'pageout' });
    if (k.programs.secretBytes.rows > 0) {
      expect(followed(k), `seed ${seed}, command ${i}`).toEqual(searched(k, twin));
      most = Math.max(most, followed(k).length);
      swapped = Math.max(swapped, followed(k).filter((place) => place.startsWith('slot')).length);
    }
    if (program?.stopped === 'ended') break;
  }
  expect(most).toBeGreaterThan(20);
}); // prettier-ignore

test('and some of it was on the swap device', () => expect(swapped).toBeGreaterThan(0));

test('a moment is the same by any road: shadows, findings and marks too', () => {
  const programs = [{ name: 'keeper', text: randomProgram(new Random(99), SECRETS[0]) }];
  const k = boot({ ...MACHINE, programs });
  step(k, { task: 0, op: 'exec', image: 'keeper', args: [] });
  step(k, { op: '@run', instructions: 900 });
  const keyframe = capture(k, null);
  step(k, { op: '@run', instructions: 2000 });
  const there = followed(k);
  restore(k, keyframe);
  step(k, { op: '@run', instructions: 2000 });
  expect(followed(k)).toEqual(there);
});
