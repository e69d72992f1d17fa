import { describe, expect, test } from 'vitest';
import { boot, capture, checkInvariants, encodeState, restore, step, type KernelState } from '../index.ts';
import type { Command, MachineOptions } from '../../protocol/commands.ts';
import { Random } from '../../testing/random.ts';

const PROGRAM = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>
static volatile int caught; static char *page; static void onbad(int n, siginfo_t *i, void *u) { caught++; mprotect(page, 4096, PROT_READ | PROT_WRITE); }
static void onchild(int n) { caught += 100; }
double mean(int n, double *v) { double s = 0; for (int i = 0; i < n; i++) s += v[i]; return s / n; }
int main(int argc, char **argv) {
  struct sigaction a; memset(&a, 0, sizeof a); a.sa_sigaction = onbad; a.sa_flags = SA_SIGINFO; sigaction(SIGSEGV, &a, 0);
  signal(SIGCHLD, onchild);
  page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  page[5] = 'x';
  char *blocks[40]; for (int i = 0; i < 40; i++) { blocks[i] = malloc(i * 37 + 1); memset(blocks[i], i, i * 37 + 1); }
  for (int i = 0; i < 40; i += 2) free(blocks[i]);
  FILE *f = fopen("notes", "w"); fprintf(f, "caught %d\\n", caught); fclose(f);
  int status; pid_t child = fork();
  if (child == 0) { page[6] = 'y'; sleep(2); double v[3] = { 1.5, 2.5, 3.5 }; printf("child %g %s\\n", mean(3, v), page + 5); exit(7); }
  while (waitpid(child, &status, 0) < 0);
  printf("%d %d %s %s\\n", caught, WEXITSTATUS(status), page + 5, argc > 1 ? argv[1] : "-");
  return 3;
}`;

const machine = (options: Partial<MachineOptions> = {}): MachineOptions => ({
  ramPages: 256,
  swapPages: 0,
  seed: 1,
  overcommit: 0,
  image: 'bare',
  programs: [{ name: 'prog', text: PROGRAM }],
  ...options,
});

function output(k: KernelState): string {
  const { output: table } = k.programs;
  return String.fromCharCode(...table.byte.subarray(0, table.rows));
}

/** The commands of a run in small turns, until nothing goes on. */
function commands(slice: number, count: number): Command[] {
  return [
    { op: '@slice', instructions: slice },
    { task: 0, op: 'exec', image: 'prog', args: ['word'] },
    ...Array.from({ length: count }, (): Command => ({ op: '@run', instructions: 977 })),
  ];
}

describe('a machine with C programs', () => {
  const script = commands(211, 40);
  const fresh = (): { k: KernelState; moments: Uint8Array[] } => {
    const k = boot(machine());
    const moments = [encodeState(k)];
    for (const command of script) {
      step(k, command);
      expect(checkInvariants(k)).toEqual([]);
      moments.push(encodeState(k));
    }
    return { k, moments };
  };

  test('runs to its end, however small the turns', () => {
    const { k } = fresh();
    expect(output(k)).toBe('child 2.5 xy\n101 7 x word\n');
    expect(k.tasks.exitStatus[0]).toBe(3);
    const whole = boot(machine());
    for (const command of commands(20_000, 40)) step(whole, command);
    expect(output(whole)).toBe(output(k));
  });

  test('is the same bytes at a moment whether one came there by a keyframe or from the start', () => {
    const { moments } = fresh();
    const k = boot(machine());
    const keyframes = [capture(k)];
    for (const command of script) {
      step(k, command);
      keyframes.push(capture(k, keyframes.at(-1)!));
    }
    const random = new Random(5);
    for (let i = 0; i < 60; i++) {
      const from = random.integer(0, script.length);
      const to = Math.min(script.length, from + random.integer(0, 6));
      restore(k, keyframes[from]!);
      for (const command of script.slice(from, to)) step(k, command);
      expect(Buffer.compare(encodeState(k), moments[to]!), `from ${from} to ${to}`).toBe(0);
    }
  });

  test('goes on in a child that the console forks: both print, each from its own memory, and the parent hears of both children', () => {
    const k = boot(machine());
    for (const command of script.slice(0, 3)) step(k, command);
    step(k, { task: 0, op: 'fork', child: 1 });
    for (let i = 0; i < 60; i++) step(k, { op: '@run', instructions: 5000 });
    const lines = output(k).trimEnd().split('\n').sort();
    expect(lines).toEqual(['101 7 x word', '201 7 x word', 'child 2.5 xy', 'child 2.5 xy']);
    expect(checkInvariants(k)).toEqual([]);
  });
});

describe('a program that is larger than memory', () => {
  const HUNGRY = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int table[3000]; const char *words = "never changes";
long depth(int n) { char room[2000]; memset(room, n, sizeof room); long below = n == 0 ? 0 : depth(n - 1); for (int i = 0; i < 2000; i++) if (room[i] != (char)n) abort(); return below + room[7]; }
int main(void) {
  unsigned char *blocks[60]; long sum = 0;
  for (int i = 0; i < 60; i++) { blocks[i] = malloc(5000); memset(blocks[i], i, 5000); }
  for (int i = 0; i < 3000; i++) table[i] = i * i;
  sum = depth(40);
  for (int round = 0; round < 3; round++) for (int i = 0; i < 60; i++) for (int j = 0; j < 5000; j += 997) sum += blocks[i][j];
  for (int i = 0; i < 3000; i++) if (table[i] != i * i) return 1;
  printf("%ld %s\\n", sum, words);
  return 0;
}`;
  test.each([64, 80, 120, 400])(
    'gives the same on %i frames, text, stack and heap swapped out and read again',
    (ramPages) => {
      const k = boot(machine({ ramPages, swapPages: 600, programs: [{ name: 'hungry', text: HUNGRY }] }));
      expect(step(k, { task: 0, op: 'exec', image: 'hungry', args: [] }).ret).toBe('hungry');
      for (let i = 0; i < 40; i++) step(k, { op: '@run', instructions: 50_000 });
      expect({ output: output(k), status: k.tasks.exitStatus[0], signal: k.tasks.exitSignal[0] }).toEqual({ output: '32680 never changes\n', status: 0, signal: 0 }); // prettier-ignore
      expect(checkInvariants(k)).toEqual([]);
      if (ramPages < 120) expect(k.machine.pswpin[0]).toBeGreaterThan(0);
    },
  );
});
