import { expect, test } from 'vitest';
import { boot, step, type KernelState } from '../index.ts';
import { peekFrameBytes } from '../peek.ts';
import { secretPlaces } from './secrets.ts';
import { contentByte } from '../../mm/frame-bytes.ts';
import { Random } from '../../testing/random.ts';

const SECRET = 'plum-pudding-7';
const PROGRAM = `
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
char global[64];
void use(const char *from) { char copy[100]; strcpy(copy, from); copy[0] ^= 0; }
int main(int argc, char **argv) {
  char *key = malloc(32); strcpy(key, argv[1]); use(key);
  key = realloc(key, 3000); strcpy(global, key);
  if (fork() == 0) { key[100] = 'c'; global[40] = 'd'; _exit(0); }
  wait(0);
  free(key);
  memset(global, 0, sizeof global);
  return 0;
}`;

/** Every byte of every frame and slot, one by one. */
function naive(k: KernelState): string[] {
  const found: string[] = [];
  const holds = (byte: (i: number) => number, at: number): boolean => [...SECRET].every((letter, i) => byte(at + i) === letter.charCodeAt(0)); // prettier-ignore
  for (let frame = 0; frame < k.frames.rows; frame++) {
    const bytes = peekFrameBytes(k, frame, 0, 4096);
    for (let at = 0; at + SECRET.length <= 4096; at++)
      if (holds((i) => bytes[i]!, at)) found.push(`frame ${frame}+${at}`);
  }
  for (let slot = 0; slot < k.swapSlots.rows; slot++) {
    const content = k.swapSlots.content[slot]!;
    for (let at = 0; at + SECRET.length <= 4096; at++)
      if (holds((i) => contentByte(k, content, i), at)) found.push(`slot ${slot}+${at}`);
  }
  return found.sort();
}

test('a secret is found wherever it is: heap, stack, a child’s copies, swap', () => {
  const programs = [{ name: 'keeper', text: PROGRAM }];
  const k = boot({ ramPages: 72, swapPages: 60, seed: 3, overcommit: 0, image: 'bare', programs });
  step(k, { op: '@secret', text: SECRET });
  step(k, { op: '@slice', instructions: 15 });
  step(k, { task: 0, op: 'exec', image: 'keeper', args: [SECRET] });
  const random = new Random(11);
  let most = 0;
  let swapped = 0;
  for (let i = 0; i < 30; i++) {
    step(k, { op: '@run', instructions: random.integer(5, 25) });
    const [name, pages] = random.pick([['heap', 2], ['stack', 33], ['bss', 1]] as const); // prettier-ignore
    const range = { offset: { bytes: 0, ramPercent: 0 }, length: { bytes: pages * 4096, ramPercent: 0 } };
    if (k.tasks.used[0] === 1 && random.chance(0.6))
      step(k, { task: 0, op: 'madvise', name, ...range, advice: 'pageout' });
    const places = secretPlaces(k);
    expect(places.map(({ kind, index, offset }) => `${kind} ${index}+${offset}`).sort()).toEqual(naive(k));
    most = Math.max(most, places.length);
    swapped = Math.max(swapped, places.filter(({ kind }) => kind === 'slot').length);
  }
  expect(most).toBeGreaterThan(3);
  expect(swapped).toBeGreaterThan(0);
});
