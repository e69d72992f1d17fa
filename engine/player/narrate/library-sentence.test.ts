import { describe, expect, test } from 'vitest';
import { EVENTS } from '../../base/event-kinds.ts';
import { eventsBetween, type EventRecord } from '../../base/event-log.ts';
import { boot, pageLabel, step, type KernelState } from '../../kernel/index.ts';
import type { Narration } from '../../protocol/player.ts';
import { parseScript } from '../commands/parse-script.ts';
import { outcomeText } from '../outcome.ts';
import { DEFAULT_MACHINE } from '../scenario/machine-options.ts';
import { eventText } from './event-text.ts';
import { narrate } from './narrate.ts';

interface Told extends Narration {
  readonly k: KernelState;
  readonly events: readonly EventRecord[];
  readonly outcome: string;
}

/** What is said of the last command of a script. */
function told(script: string): Told {
  const k = boot({ ...DEFAULT_MACHINE, ramPages: 512 });
  const { commands, problems } = parseScript(script);
  expect(problems).toEqual([]);
  const ran = commands.map(({ command }) => {
    const result = step(k, command);
    return { command, result, events: eventsBetween(k.events, result.firstEvent, result.endEvent) };
  });
  const last = ran.at(-1)!;
  const narration = narrate([last], (page) => pageLabel(k, page));
  return { ...narration, k, events: last.events, outcome: outcomeText(last.result) };
}

const A = 'p0 malloc a 100\n';
const B = `${A}p0 malloc b 600\n`;
const UNCACHED = '@env GLIBC_TUNABLES glibc.malloc.tcache_count=0\n';

describe('the sentence', () => {
  test.each([
    [A, 'p0 asks for 100 bytes as a and may use 104. It is cut from the top of the heap. The kernel is asked: 1 system call. 4 pages are touched for the first time.'],
    [`${A}p0 free a`, 'p0 frees a, which now points at nothing of its own. The library keeps its pages for the next request; the kernel learns nothing of it.'],
    [`${A}p0 free a\np0 malloc c 100`, 'p0 asks for 100 bytes as c and may use 104. The thread’s cache had one of that size. The kernel is not asked.'],
    [`${A}p0 malloc m 200000\np0 free m`, 'p0 frees m, which now points at nothing of its own. It was a mapping: 1 frame goes back to the kernel at once.'],
    [`${A}p0 malloc m -1`, 'p0 asks for -1 bytes as m and gets NULL with ENOMEM, without asking the kernel.'],
    [`${A}p0 rlimit as 40\np0 malloc m 900000`, 'p0 asks for 900000 bytes as m and gets NULL with ENOMEM, because the kernel refuses.'],
    [`${A}p0 rlimit as 40\np0 realloc a 900000 b`, 'p0 makes a 900000 bytes long, as b and gets NULL with ENOMEM, because the kernel refuses. The old block is as it was.'],
    [`${A}p0 realloc a 50`, 'p0 makes a 50 bytes long and may use 56. It stays where it is. The kernel is not asked.'],
    [`${A}p0 usable a`, 'Of a 104 bytes may be used.'],
    [`${A}p0 show a`, 'a lies in a chunk of 112 bytes, of which 104 may be used; flags P.'],
    [`${A}p0 poke a 24 1 2`, 'p0 writes 2 bytes at byte 24 of a. The page is there and its own, so nothing else happens.'],
    [`${A}p0 free a\np0 poke a 24 1 2`, 'p0 writes 2 bytes at byte 24 of a, in a block that was freed. The page is there and its own, so nothing else happens.'],
    [`${A}p0 poke a 104 1`, 'p0 writes 1 byte at byte 104 of a, into the allocator’s own bytes. The page is there and its own, so nothing else happens.'],
    [`${A}p0 raw a 1`, 'p0 reads a word of a: 0x0.'],
    [`${A}p0 loop malloc x 3 24`, 'p0 allocates 3 blocks. The kernel is not asked.'],
    [`${A}p0 mallopt perturb 165`, 'p0 sets perturb to 165.'],
    [`${A}p0 mallinfo`, 'The heap of p0 has 768 bytes in use and 134400 free.'],
    [`${A}p0 trim 0`, 'p0 asks the library to give back what it can: the break moves down by 32 pages, 0 frames become free.'],
    [`${A}p0 free a\np0 free a`, 'p0 frees a. The allocator says “free(): double free detected in tcache 2” and ends it with SIGABRT. The damage was done earlier, by another command.'],
    [`${A}p0 fill a 1 9000000`, 'p0 writes from a on, and the access ends in SIGSEGV.'],
    ['@env X 1', 'Programs start with X=1 in their environment.'],
  ])('%j', (script, sentence) => expect(told(script).sentence).toBe(sentence)); // prettier-ignore
});

describe('the chain of causes', () => {
  test('goes from the call of the library to the block, and says what it cost', () => {
    const { chips } = told(`${A}p0 free a\np0 malloc c 100`);
    expect(chips.map((chip) => chip.text)).toEqual([
      'p0 malloc, 100 bytes',
      'block at heap+4+672b for 100 bytes',
      'no fault, 28 ns',
    ]);
  });

  test('of an abort begins with the damage', () => {
    const { chips } = told(`${UNCACHED}${B}p0 malloc c 24\np0 free b\np0 poke b 0 1 2 3\np0 malloc d 3000`);
    expect(chips[0]!.text).toMatch(/^abort: malloc\(\): unsorted double linked list corrupted$/);
  });
});

test('every event of the allocator has words of its own', () => {
  const scripts = [
    `${B}p0 malloc m 200000\np0 free m`,
    `${UNCACHED}${B}p0 malloc w 24\np0 malloc x 24\np0 free w\np0 free b\np0 malloc c 3000`,
    `${UNCACHED}${B}p0 malloc w 24\np0 free b\np0 malloc c 100`,
    `${A}p0 free a\np0 poke a 0 1`,
    `${A}p0 free a\np0 free a`,
    `${A}p0 trim 0`,
  ];
  for (const script of scripts) {
    const { k, events } = told(script);
    for (const event of events) {
      const text = eventText(event, (page) => pageLabel(k, page));
      expect(text).not.toMatch(/undefined|NaN/);
      expect(text).not.toBe((EVENTS[event.kind]?.name ?? '').toLowerCase().replaceAll('_', ' '));
    }
  }
});

test('the console says where a block is and how much of it may be used', () => {
  expect(told(A).outcome).toBe('heap+672, 104 usable of a chunk of 112 [P]');
  expect(told(`${A}p0 mallinfo`).outcome).toBe('in use 768, free 134400, mapped 0');
});
