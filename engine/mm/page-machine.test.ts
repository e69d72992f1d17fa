import { transition } from 'xstate';
import { afterEach, describe, expect, it } from 'vitest';
import { BrokenInvariant } from '../base/assert.ts';
import { NOT_ALLOWED } from '../base/compile-machine.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import {
  PAGE_EVENTS,
  PAGE_STATES,
  pageMachine,
  pageTable,
  type PageEvent,
  type PageStateName,
} from './page.machine.ts';

/** How the kernel is brought along one edge: commands into the state before, then the command that means the event. */
interface Drive {
  readonly edge: `${PageStateName} ${PageEvent}`;
  readonly before: readonly string[];
  readonly command: string;
  /** `task NAME page` that is looked at. */
  readonly page: string;
  /** The page is a child's, which does not exist before the command. */
  readonly born?: true;
}

const RW = 'p0 mmap A 2 rw';
const WRITTEN = [RW, 'p0 touch_w A 0 1'];
const ZERO = [RW, 'p0 touch_r A 0 1'];
/** Read-only, by mprotect; page 1 keeps the area's anon_vma in play. */
const READ_ONLY = [...WRITTEN, 'p0 mprotect A 0 2 r'];
const NO_ACCESS = [...WRITTEN, 'p0 mprotect A 0 2 none'];
const FORKED = [...WRITTEN, 'p0 fork p1'];
const GUARDED = [...WRITTEN, 'p0 madvise A 0 1 guard_install'];
const SWAPPED = [...WRITTEN, 'p0 madvise A 0 1 pageout'];
const SWAPPED_READ_ONLY = [...READ_ONLY, 'p0 madvise A 0 1 pageout'];
/** Shared memory that was never written: reclaim just drops it. */
const CLEAN = ['p0 mmap A 2 rw shared', 'p0 touch_r A 0 1'];
const SHARED_FILE = ['@file F 2', 'p0 mmap A 2 rw shared file F+0', 'p0 touch_w A 0 1'];
const FORKED_FILE = [...SHARED_FILE, 'p0 fork p1', 'p1 touch_r A 0 1'];
const PAGE = '0 A 0';
const PAGEOUT = 'p0 madvise A 0 1 pageout';
/** Every machine here has swap. */
const machine = () => lab({ swapPages: 8 });
const MOVE = 'p0 mremap A 0 2 2 maymove fixed B+0';

const DRIVES: readonly Drive[] = [
  { edge: 'unmapped vma.map', before: ['p0 touch_r A 0 0'], command: RW, page: PAGE },
  { edge: 'reserved vma.unmap', before: [RW], command: 'p0 munmap A 0 2', page: PAGE },
  { edge: 'reserved fault.readAnon', before: [RW], command: 'p0 touch_r A 0 1', page: PAGE },
  { edge: 'reserved fault.mapWritable', before: [RW], command: 'p0 touch_w A 0 1', page: PAGE },
  { edge: 'reserved fault.mapReadOnly', before: ['p0 mmap A 2 r shared'], command: 'p0 touch_r A 0 1', page: PAGE },
  { edge: 'reserved fork.copyZero', before: [...WRITTEN, 'p0 touch_r A 1 1'], command: 'p0 fork p1', page: '1 A 1', born: true },
  { edge: 'reserved fork.copyReadOnly', before: WRITTEN, command: 'p0 fork p1', page: '1 A 0', born: true },
  { edge: 'reserved fork.copyNoAccess', before: NO_ACCESS, command: 'p0 fork p1', page: '1 A 0', born: true },
  { edge: 'reserved fork.copyWritable', before: ['p0 mmap A 2 rw shared', 'p0 touch_w A 0 1', 'p0 madvise A 1 1 guard_install'], command: 'p0 fork p1', page: '1 A 0', born: true },
  { edge: 'reserved fork.copyGuard', before: GUARDED, command: 'p0 fork p1', page: '1 A 0', born: true },
  { edge: 'reserved guard.install', before: [RW], command: 'p0 madvise A 0 1 guard_install', page: PAGE },
  { edge: 'reserved move.zero', before: [...ZERO, 'p0 mmap B 2 rw'], command: MOVE, page: '0 B 0' },
  { edge: 'reserved move.resident', before: [...WRITTEN, 'p0 mmap B 2 rw'], command: MOVE, page: '0 B 0' },
  { edge: 'reserved move.readOnly', before: [...READ_ONLY, 'p0 mmap B 2 rw'], command: MOVE, page: '0 B 0' },
  { edge: 'reserved move.noAccess', before: [...NO_ACCESS, 'p0 mmap B 2 rw'], command: MOVE, page: '0 B 0' },
  { edge: 'reserved move.guard', before: [...GUARDED, 'p0 mmap B 2 rw'], command: MOVE, page: '0 B 0' },
  { edge: 'zero vma.unmap', before: ZERO, command: 'p0 munmap A 0 1', page: PAGE },
  { edge: 'zero page.drop', before: ZERO, command: 'p0 madvise A 0 1 dontneed', page: PAGE },
  { edge: 'zero move.away', before: ZERO, command: 'p0 mremap A 0 2 2 maymove dontunmap', page: PAGE },
  { edge: 'zero write.fresh', before: ZERO, command: 'p0 touch_w A 0 1', page: PAGE },
  { edge: 'zero protect.read', before: ZERO, command: 'p0 mprotect A 0 2 r', page: PAGE },
  { edge: 'zero protect.write', before: [...ZERO, 'p0 mprotect A 0 2 r'], command: 'p0 mprotect A 0 2 rw', page: PAGE },
  { edge: 'zero protect.none', before: ZERO, command: 'p0 mprotect A 0 2 none', page: PAGE },
  { edge: 'zero fork.share', before: [...ZERO, 'p0 touch_w A 1 1'], command: 'p0 fork p1', page: PAGE },
  { edge: 'resident vma.unmap', before: WRITTEN, command: 'p0 munmap A 0 1', page: PAGE },
  { edge: 'resident page.drop', before: WRITTEN, command: 'p0 madvise A 0 1 dontneed', page: PAGE },
  { edge: 'resident move.away', before: WRITTEN, command: 'p0 mremap A 0 2 2 maymove dontunmap', page: PAGE },
  { edge: 'resident protect.read', before: WRITTEN, command: 'p0 mprotect A 0 2 r', page: PAGE },
  { edge: 'resident protect.write', before: WRITTEN, command: 'p0 mprotect A 0 2 rwx', page: PAGE },
  { edge: 'resident protect.none', before: WRITTEN, command: 'p0 mprotect A 0 2 none', page: PAGE },
  { edge: 'resident fork.share', before: WRITTEN, command: 'p0 fork p1', page: PAGE },
  { edge: 'readOnly vma.unmap', before: READ_ONLY, command: 'p0 munmap A 0 1', page: PAGE },
  { edge: 'readOnly page.drop', before: READ_ONLY, command: 'p0 madvise A 0 1 dontneed', page: PAGE },
  { edge: 'readOnly move.away', before: READ_ONLY, command: 'p0 mremap A 0 2 2 maymove dontunmap', page: PAGE },
  { edge: 'readOnly write.copy', before: FORKED, command: 'p1 touch_w A 0 1', page: '1 A 0' },
  { edge: 'readOnly write.reuse', before: [...FORKED, 'p1 exit'], command: 'p0 touch_w A 0 1', page: PAGE },
  { edge: 'readOnly protect.read', before: READ_ONLY, command: 'p0 mprotect A 0 2 rx', page: PAGE },
  { edge: 'readOnly protect.none', before: READ_ONLY, command: 'p0 mprotect A 0 2 none', page: PAGE },
  { edge: 'readOnly protect.upgrade', before: READ_ONLY, command: 'p0 mprotect A 0 2 rw', page: PAGE },
  { edge: 'readOnly protect.write', before: FORKED, command: 'p0 mprotect A 0 2 rwx', page: PAGE },
  { edge: 'readOnly fork.share', before: READ_ONLY, command: 'p0 fork p1', page: PAGE },
  { edge: 'noAccess vma.unmap', before: NO_ACCESS, command: 'p0 munmap A 0 1', page: PAGE },
  { edge: 'noAccess page.drop', before: NO_ACCESS, command: 'p0 madvise A 0 1 dontneed', page: PAGE },
  { edge: 'noAccess move.away', before: NO_ACCESS, command: 'p0 mremap A 0 2 2 maymove dontunmap', page: PAGE },
  { edge: 'noAccess protect.read', before: NO_ACCESS, command: 'p0 mprotect A 0 2 r', page: PAGE },
  { edge: 'noAccess protect.upgrade', before: NO_ACCESS, command: 'p0 mprotect A 0 2 rw', page: PAGE },
  { edge: 'noAccess protect.write', before: [...FORKED, 'p0 mprotect A 0 2 none'], command: 'p0 mprotect A 0 2 rw', page: PAGE },
  { edge: 'noAccess fork.share', before: NO_ACCESS, command: 'p0 fork p1', page: PAGE },
  { edge: 'reserved move.swapped', before: [...SWAPPED, 'p0 mmap B 2 rw'], command: MOVE, page: '0 B 0' },
  { edge: 'reserved fork.copySwapped', before: SWAPPED, command: 'p0 fork p1', page: '1 A 0', born: true },
  { edge: 'resident reclaim.swapOut', before: WRITTEN, command: PAGEOUT, page: PAGE },
  { edge: 'resident reclaim.discard', before: CLEAN, command: PAGEOUT, page: PAGE },
  { edge: 'readOnly reclaim.swapOut', before: READ_ONLY, command: PAGEOUT, page: PAGE },
  { edge: 'readOnly reclaim.discard', before: [...CLEAN, 'p0 mprotect A 0 2 r'], command: PAGEOUT, page: PAGE },
  { edge: 'noAccess reclaim.swapOut', before: NO_ACCESS, command: PAGEOUT, page: PAGE },
  { edge: 'noAccess reclaim.discard', before: [...CLEAN, 'p0 mprotect A 0 2 none'], command: PAGEOUT, page: PAGE },
  { edge: 'swapped vma.unmap', before: SWAPPED, command: 'p0 munmap A 0 1', page: PAGE },
  { edge: 'swapped page.drop', before: SWAPPED, command: 'p0 madvise A 0 1 dontneed', page: PAGE },
  { edge: 'swapped move.away', before: SWAPPED, command: 'p0 mremap A 0 2 2 maymove dontunmap', page: PAGE },
  { edge: 'swapped fault.swapInWritable', before: SWAPPED, command: 'p0 touch_r A 0 1', page: PAGE },
  { edge: 'swapped fault.swapInReadOnly', before: SWAPPED_READ_ONLY, command: 'p0 touch_r A 0 1', page: PAGE },
  { edge: 'swapped fork.share', before: SWAPPED, command: 'p0 fork p1', page: PAGE },
  { edge: 'resident cache.clean', before: SHARED_FILE, command: 'p0 fsync F', page: PAGE },
  { edge: 'readOnly cache.clean', before: FORKED_FILE, command: 'p0 fsync F', page: '1 A 0' },
  { edge: 'noAccess cache.clean', before: [...SHARED_FILE, 'p0 mprotect A 0 2 none'], command: 'p0 fsync F', page: PAGE },
  { edge: 'guard vma.unmap', before: GUARDED, command: 'p0 munmap A 0 1', page: PAGE },
  { edge: 'guard guard.remove', before: GUARDED, command: 'p0 madvise A 0 1 guard_remove', page: PAGE },
  { edge: 'guard move.away', before: GUARDED, command: 'p0 mremap A 0 2 2 maymove dontunmap', page: PAGE },
]; // prettier-ignore

const stateOf = (l: Lab, page: string): string => {
  const [task, name, offset] = page.split(' ');
  return l.page(Number(task), name!, Number(offset)).state;
};
const edges = edgesOf(pageMachine);
const nameOf = ({ from, event }: { from: string; event: string }): string => `${from} ${event}`;
const cellOf = (edge: string): number => {
  const [from, event] = edge.split(' ') as [PageStateName, PageEvent];
  return pageTable.stateIndex[from] * PAGE_EVENTS.length + pageTable.eventIndex[event];
};

describe('page.machine', () => {
  it('has 68 edges between 8 states, and a drive for each', () => {
    expect(edges).toHaveLength(68);
    expect(DRIVES.map((drive) => drive.edge).sort()).toEqual(edges.map(nameOf).sort());
  });

  it('as a table agrees with XState in all cells', () => {
    let allowed = 0;
    for (const state of PAGE_STATES) {
      const snapshot = pageMachine.resolveState({ value: state, context: {} });
      for (const type of PAGE_EVENTS) {
        const next = pageTable.next[cellOf(`${state} ${type}`)]!;
        expect(next !== NOT_ALLOWED, `${state} ${type}`).toBe(snapshot.can({ type }));
        if (next === NOT_ALLOWED) continue;
        expect(transition(pageMachine, snapshot, { type })[0].value).toBe(PAGE_STATES[next]);
        allowed++;
      }
    }
    expect(allowed).toBe(edges.length);
    expect(PAGE_STATES[pageTable.initial]).toBe('unmapped');
  });

  it.each(DRIVES)('$edge is what the kernel does at $command', ({ edge, before, command, page, born }) => {
    const l = machine();
    l.run(...before);
    const { from, to } = edges.find((each) => nameOf(each) === edge)!;
    // Where a page arrives, its place is emptied first, within the command.
    if (born === undefined && !edge.includes(' move.')) expect(stateOf(l, page)).toBe(from);
    l.run(command);
    expect(stateOf(l, page)).toBe(to);
  });
});

describe('a transition that is missing', () => {
  const whole = pageTable.next.slice();
  afterEach(() => pageTable.next.set(whole));

  it.each(DRIVES)('$edge stops the kernel at $command', ({ edge, before, command }) => {
    const l = machine();
    l.run(...before);
    pageTable.next[cellOf(edge)] = NOT_ALLOWED;
    const [from, event] = edge.split(' ');
    expect(() => l.run(command)).toThrow(new BrokenInvariant(`page.machine allows ${event} in ${from}`));
  });
});
