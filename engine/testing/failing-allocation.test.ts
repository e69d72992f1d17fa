import { describe, expect, it } from 'vitest';
import { whyNot } from '../kernel/index.ts';
import type { MachineOptions } from '../protocol/commands.ts';
import { command, lab } from './fixtures.ts';

/** Every place that takes a frame: tables of all levels, zero-filled pages, copies, shared memory, file pages, guards. */
const SCRIPT = [
  'p0 mmap A 8 rw', 'p0 touch_r A 0 2', 'p0 touch_w A 0 6', 'p0 fork p1', 'p1 touch_w A 0 3', 'p0 touch_w A 2 2',
  'p1 fork p2', 'p2 mmap S 20 rw shared', 'p2 touch_w S 0 2', 'p2 touch_r S 4 2', 'p2 madvise S 8 2 guard_install',
  'p2 fork p3', 'p3 touch_r S 0 1', 'p1 brk +4', 'p1 touch_w heap 0 4', 'p0 mmap B 6 rw private anon populate',
  'p0 mlock A 0 8', 'p0 mmap X 4 rw', 'p0 mremap A 0 8 8 maymove fixed X+600', 'p0 madvise B 0 6 dontneed',
  'p0 madvise B 0 6 populate_write', 'p0 mprotect B 0 6 none', 'p0 fork p4', 'p4 mprotect B 0 6 rw', 'p4 touch_w B 0 6',
  'p0 touch_w stack -2 1', 'p0 touch_r text 0 1', 'p0 touch_w data 0 1', 'p0 munmap B 1 4',
]; // prettier-ignore

/** Frames for swap: into the swap cache and past it, shared memory, copies; on zram and on a file. */
const SWAP = [
  'p0 mmap A 8 rw', 'p0 touch_w A 0 8 7', 'p0 fork p1', 'p1 munmap A 0 8', 'p0 madvise A 0 8 pageout', 'p0 touch_r A 0 2',
  'p0 fork p2', 'p2 touch_w A 2 2 9', 'p0 touch_r A 2 2', 'p0 madvise A 4 2 willneed', 'p0 touch_w A 4 1 5',
  'p0 mmap S 6 rw shared', 'p0 touch_w S 0 6 3', 'p0 madvise S 0 6 pageout', 'p0 madvise S 0 1 willneed',
  'p0 touch_r S 0 3', 'p2 touch_w S 3 1', 'p0 mlock A 0 8', '@swap file 1', 'p2 mmap B 4 rw', 'p2 touch_w B 0 4 1',
  'p2 madvise B 0 4 pageout', 'p2 touch_w B 0 4 2',
]; // prettier-ignore

/** Frames for files and programs: read-ahead, copies, buffers, the tail of a cut file, stack and data of a new program. */
const FILES = [
  '@file F 12', 'p0 mmap B 8 rw', 'p0 pread F 0 3 to B+0', 'p0 pwrite F 4 2+100b from B+0', 'p0 pread F 6 2 to B+4 direct',
  'p0 mmap P 6 rw private file F+0', 'p0 touch_r P 0 2', 'p0 touch_w P 1 3', 'p0 mmap S 6 rw shared file F+4',
  'p0 touch_w S 0 2', 'p0 fsync F', 'p0 fadvise F 0 0 dontneed', 'p0 ftruncate F 5+30b', 'p0 mmap Q 4 r private file F+0 populate',
  'p0 fork p1', 'p1 exec program one two', 'p1 touch_r text 0 2', 'p1 touch_w bss 0 2', 'p1 brk +2', 'p1 touch_w heap 0 2',
  'p0 pwrite F 20 1 from B+0',
]; // prettier-ignore

/** Blocks of 512 frames, and the page tables below them. */
const HUGE = [
  'p0 mmap H 1200 rw', 'p0 touch_r H 256 1', 'p0 touch_w H 300 1', 'p0 fork p1', 'p1 touch_w H 300 1', 'p0 madvise H 768 2 dontneed',
  'p0 mmap C 800 rw', 'p0 madvise C 0 800 nohugepage', 'p0 touch_w C 256 3', 'p0 madvise C 0 800 hugepage', 'p0 madvise C 256 512 collapse',
  'p1 mremap H 256 512 512 maymove fixed C+256',
]; // prettier-ignore

const MACHINES: readonly (readonly [string, readonly string[], Partial<MachineOptions>])[] = [
  ['swap', SWAP, { ramPages: 256, swapPages: 64 }],
  ['files and programs', FILES, { ramPages: 256, image: 'program' }],
  ['huge pages', HUGE, { ramPages: 3072, thp: 'always' }],
];

function play(
  failAt: number,
  script: readonly string[] = SCRIPT,
  machine: Partial<MachineOptions> = { image: 'program', ramPages: 512 },
): { used: number; kills: number; left: number } {
  const l = lab(machine);
  const { k } = l;
  const before = k.machine.allocations[0]!;
  k.failAllocation = failAt;
  let kills = 0;
  for (const line of script) {
    if (whyNot(k, command(line)) !== null) continue;
    const result = l.run(line);
    if (result.died === true) kills++;
  }
  const used = k.machine.allocations[0]! - before;
  k.failAllocation = 0;
  for (const task of [0, 1, 2, 3, 4]) if (whyNot(k, command(`p${task} exit`)) === null) l.run(`p${task} exit`);
  // What a file brought into memory stays.
  const cached = [...k.frames.object.subarray(0, k.frames.rows)].filter((object) => object >= 0).length;
  // The huge zero page stays until memory is short.
  const hugeZero = k.machine.hugeZeroFrame[0]! < 0 ? 0 : 512;
  return { used, kills, left: l.k.machine.totalFrames[0]! - l.k.machine.reserved[0]! - l.free - cached - hugeZero };
}

describe('the n-th allocation of a script finds nothing', () => {
  it.each(MACHINES)(
    '%s: for every n invariants hold, and nothing is left behind',
    { timeout: 120_000 },
    (_, script, machine) => {
      const { used } = play(0, script, machine);
      expect(used).toBeGreaterThan(15);
      for (let n = 1; n <= used; n++) expect(play(n, script, machine).left, `allocation ${n}`).toBe(0);
    },
  );

  const { used } = play(0);

  it('and there are more than 60 to try', () => expect(used).toBeGreaterThan(60));

  it(
    'for every n: invariants hold after each command, and nothing is left behind at the end',
    { timeout: 120_000 },
    () => {
      let killed = 0;
      for (let n = 1; n <= used; n++) {
        const { kills, left } = play(n);
        expect(left, `allocation ${n}`).toBe(0);
        killed += kills;
      }
      // Tasks that asked and were the largest died themselves; in the other runs somebody else made room.
      expect(killed).toBeGreaterThan(0);
      expect(killed).toBeLessThan(used);
    },
  );
});
