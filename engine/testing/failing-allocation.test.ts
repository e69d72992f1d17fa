import { describe, expect, it } from 'vitest';
import { whyNot } from '../kernel/index.ts';
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

function play(failAt: number): { used: number; kills: number; left: number } {
  const l = lab({ image: 'program', ramPages: 512 });
  const { k } = l;
  const before = k.machine.nextSerial[0]!;
  k.failAllocation = failAt;
  let kills = 0;
  for (const line of SCRIPT) {
    if (whyNot(k, command(line)) !== null) continue;
    const result = l.run(line);
    if (result.died === true) kills++;
  }
  const used = k.machine.nextSerial[0]! - before;
  k.failAllocation = 0;
  for (const task of [0, 1, 2, 3, 4]) if (whyNot(k, command(`p${task} exit`)) === null) l.run(`p${task} exit`);
  // What a file brought into memory stays.
  const cached = [...k.frames.object.subarray(0, k.frames.rows)].filter((object) => object >= 0).length;
  return { used, kills, left: l.k.machine.totalFrames[0]! - l.k.machine.reserved[0]! - l.free - cached };
}

describe('the n-th allocation of a script finds nothing', () => {
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
