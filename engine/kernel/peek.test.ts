import { describe, expect, it } from 'vitest';
import type { Pid, SlotId } from '../base/units.ts';
import { command, lab } from '../testing/fixtures.ts';
import * as kernel from './index.ts';

/** A machine with something of everything. */
const scene = () => {
  const l = lab({ image: 'program' });
  l.run('p0 mmap A 6 rw', 'p0 touch_w A 0 3 7', 'p0 touch_r A 3 1', 'p0 mmap S 4 rw shared', 'p0 touch_w S 0 2');
  l.run('p0 fork p1', 'p1 touch_w A 0 1', 'p1 touch_r S 0 1', 'p0 mprotect A 2 1 none', 'p0 touch_r text 0 1');
  return l;
};

/** A C program in the middle of a call, some of its pages in swap. */
const PROGRAM = {
  name: 'prog',
  text: `#include <stdio.h>
struct item { int n; struct item *next; } list;
static int deep(int n) { list.n = n; list.next = &list; printf("%d ", n); return n == 0 ? 0 : deep(n - 1); }
int main(void) { return deep(3); }`,
};

const programScene = (): kernel.KernelState => {
  const machine = { ramPages: 256, swapPages: 64, seed: 1, overcommit: 0, image: 'bare', programs: [PROGRAM] } as const;
  const k = kernel.boot(machine);
  for (const line of ['p0 exec prog', 'p0 step 5 into', 'p0 madvise stack 0 4 pageout']) kernel.step(k, command(line));
  return k;
};

const SCENES = [
  ['of pages', () => scene().k],
  ['of a program', programScene],
] as const;

/** Every function that reads the state, called in many ways. */
const PEEKS: Readonly<Record<string, (k: kernel.KernelState) => unknown>> = {
  peekTask: (k) => [0, 1, 2, 99].map((task) => kernel.peekTask(k, task)),
  peekVmas: (k) => [0, 1, 2].map((task) => kernel.peekVmas(k, task)),
  peekPage: (k) => kernel.regionNames(k).flatMap((name) => [-1, 0, 1, 2, 3, 9].map((i) => kernel.peekPage(k, 0, kernel.regionPage(k, name)! + i))),
  peekWalk: (k) => [0, 1].map((task) => kernel.peekWalk(k, task, kernel.regionPage(k, 'A')!)),
  peekTlb: (k) => [0, 1, 9].map((task) => kernel.peekTlb(k, task, kernel.regionPage(k, 'A')!)),
  peekTables: (k) => [0, 1, 9].map((task) => kernel.peekTables(k, task, kernel.regionPage(k, 'A')!, 9)),
  peekTlbSet: (k) => [0, 1, 9].map((task) => kernel.peekTlbSet(k, task, kernel.regionPage(k, 'A')!)),
  stallsBetween: (k) => kernel.stallsBetween(k.events, 1, k.events.next),
  peekFrame: (k) => Array.from({ length: 256 }, (_, frame) => kernel.peekFrame(k, frame)),
  peekFrameSerial: (k) => kernel.peekFrameSerial(k, 9),
  flatSharers: (k) => kernel.flatSharers(k, 9),
  frameUse: (k) => kernel.frameUse(k, 9),
  peekSlot: (k) => Array.from({ length: k.swapSlots.rows }, (_, slot) => kernel.peekSlot(k, slot as SlotId, 16)),
  compiledPrograms: () => kernel.compiledPrograms([PROGRAM]),
  variableNames: () => kernel.variableNames(kernel.compiledPrograms([PROGRAM])[0]!.image),
  stackFrames: (k) => [0, 1].map((task) => kernel.stackFrames(k, task as Pid)),
  findPlace: (k) => [0, 1].flatMap((task) => ['list', 'list.next', 'n', 'nothing'].map((path) => kernel.findPlace(k, task as Pid, path, 0))),
  lineOf: (k) => [0, 1].map((task) => kernel.lineOf(k, task as Pid)),
  outputOf: (k) => [0, 1].map((task) => kernel.outputOf(k, task as Pid)),
  lookAtProgram: (k) => [0, 1].map((pid) => kernel.lookAtProgram(k, { pid, open: ['main@1:list', ':list'], bytes: ':list' }, null, [])),
  findingsOf: (k) => kernel.findingsOf(k),
  findingText: (k) => kernel.findingsOf(k).map((finding) => kernel.findingText(finding)),
  lookBack: (k) => k.images.length > 0 && kernel.lookBack(k, { pid: 0, image: 0, last: 3, ended: true, lines: [], events: [], changed: [], oldFrames: [] }, []),
  linesWithCode: () => kernel.linesWithCode(kernel.compiledPrograms([PROGRAM])[0]!.image),
  runningPrograms: (k) => kernel.runningPrograms(k),
  fileNames: (k) => kernel.fileNames(k),
  peekFiles: (k) => kernel.peekFiles(k),
  peekMachine: (k) => kernel.peekMachine(k),
  peekFrameBytes: (k) => Array.from({ length: 256 }, (_, frame) => kernel.peekFrameBytes(k, frame, 0, 16)),
  peekBytes: (k) => kernel.peekBytes(k, 0, kernel.regionPage(k, 'A')! * 4096 - 4, 20_000),
  forEachMappedEntry: (k) => kernel.forEachMappedEntry(k, k.tasks.mm[0]! as never, () => {}),
  pageLabel: (k) => kernel.pageLabel(k, kernel.regionPage(k, 'S')! + 2),
  regionNames: (k) => kernel.regionNames(k),
  regionOfPage: (k) => kernel.regionOfPage(k, 5),
  regionPage: (k) => kernel.regionPage(k, 'nothing'),
  unknownName: (k) => kernel.unknownName(k, command('p0 touch_r Q 0 1')),
  whyNot: (k) => kernel.whyNot(k, { op: 'state', task: 3 }),
  checkInvariants: (k) => kernel.checkInvariants(k),
  encodeState: (k) => kernel.encodeState(k),
  hashState: (k) => kernel.hashState(k),
  capture: (k) => kernel.capture(k),
}; // prettier-ignore

/** Exports that are meant to change the state. */
const DOORS = ['boot', 'step', 'restore'];
/** Words that are the same for every state. */
const WORDS = ['FINDING_KINDS', 'FINDING_WORDS'];
/** Watches from outside; its own test holds the state equal. */
const WATCHERS = ['TrailRecorder'];

describe('a peek never touches', () => {
  it('covers every export of the kernel', () => {
    expect(Object.keys(kernel).sort()).toEqual([...Object.keys(PEEKS), ...DOORS, ...WATCHERS, ...WORDS].sort());
  });

  it.each(SCENES.flatMap(([title, make]) => Object.keys(PEEKS).map((name) => [name, title, make] as const)))(
    '%s leaves every byte of the state and the log alone, %s',
    (name, _title, make) => {
      const k = make();
      const before = kernel.encodeState(k);
      const { next } = k.events;
      PEEKS[name]!(k);
      expect(Buffer.compare(kernel.encodeState(k), before)).toBe(0);
      expect(k.events.next).toBe(next);
    },
  );
});

describe('what is seen', () => {
  it('Σ pss is the number of frames that somebody maps', () => {
    const { k } = scene();
    const pss = [0, 1].reduce((sum, task) => sum + kernel.peekTask(k, task)!.pss, 0);
    const mapped = Array.from({ length: 256 }, (_, f) => kernel.peekFrame(k, f)).filter((frame) => frame.mapcount > 0);
    expect(pss).toBeCloseTo(mapped.length, 9);
    expect([0, 1].reduce((sum, task) => sum + kernel.peekTask(k, task)!.rss, 0)).toBeGreaterThan(mapped.length);
  });

  it('names every sharer of a frame', () => {
    const l = scene();
    const [, frame] = l.frames(0, 'A', 2);
    expect(kernel.peekFrame(l.k, frame!)).toMatchObject({
      use: 'anon',
      refcount: 2,
      mapcount: 2,
      sharers: [
        { pid: 0, label: 'A+1' },
        { pid: 1, label: 'A+1' },
      ],
      exclusive: false,
    });
  });

  it('bytes are null where nothing is resident, and zeros on the zero page', () => {
    const { k } = scene();
    const page = kernel.regionPage(k, 'A')!;
    expect(kernel.peekBytes(k, 0, (page + 3) * 4096, 2)).toEqual([0, 0]);
    expect(kernel.peekBytes(k, 0, (page + 4) * 4096, 2)).toEqual([null, null]);
    expect(kernel.peekBytes(k, 0, page * 4096 - 1, 2)).toEqual([null, 7]);
  });
});
