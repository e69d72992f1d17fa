import { describe, expect, test } from 'vitest';
import { frameUse, peekFrame, peekPage, peekSlot, peekVmas } from '../../engine/kernel/index.ts';
import { frameUseOf, type WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import { ownersFromBits } from '../canvas/ram-scene.ts';
import { CROWD, SCENARIOS, SWAPPED } from '../testing/scenarios.ts';
import { momentAt, openHost, walk } from '../testing/walk.ts';
import { slotAtPlace } from './slots-snapshot.ts';

const each = SCENARIOS.map((scenario) => [scenario.name, scenario] as const);

/** Bytes compare as bytes: a hundred times faster than through the matcher. */
const textOf = (snapshot: WindowSnapshot): string =>
  JSON.stringify(snapshot, (_key, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as never) : value));

describe.each(each)('what the window is told of %s', (_name, scenario) => {
  test('about pages is what the kernel says, and runs tile every area', () => {
    for (const { snapshot, kernel, step } of walk(scenario)) {
      for (const { view: task, vmas } of snapshot.tasks) {
        expect(vmas.map(({ view }) => view)).toEqual(peekVmas(kernel, task.pid));
        for (const { view, runs } of vmas) {
          let at = view.start;
          for (const run of runs) {
            expect(run.page, `step ${step}, p${task.pid} ${view.region}`).toBe(at);
            at += run.pages;
            for (let page = run.page; page < at; page++) {
              const real = peekPage(kernel, task.pid, page);
              expect(run.state).toBe(real.state);
              if (run.pages === 1) expect([run.frame, run.sharers]).toEqual([real.frame, real.sharers]);
            }
          }
          expect(at).toBe(view.end);
        }
      }
    }
  });

  test('about frames is the kernel’s reverse map', () => {
    for (const { snapshot, kernel, step } of walk(scenario)) {
      const { frames } = snapshot;
      for (let frame = 0; frame < frames.total; frame++) {
        const real = peekFrame(kernel, frame);
        expect(frameUseOf(frames.use[frame]!)).toBe(frameUse(kernel, frame));
        expect(frames.mapcount[frame]).toBe(real.mapcount);
        const tasks = real.use === 'table' ? [real.owner] : [...new Set(real.sharers.map(({ pid }) => pid))].sort();
        expect(ownersFromBits(frames.owners[frame]!), `step ${step}, frame ${frame}`).toEqual(tasks);
      }
    }
  });

  test('about swap is what the slots and their names say', () => {
    for (const { snapshot, kernel, step } of walk(scenario)) {
      const { slots } = snapshot;
      expect(slots.total).toBe(snapshot.machine.swap.total);
      for (let place = 0; place < slots.total; place++) {
        const { state, view } = peekSlot(kernel, slotAtPlace(kernel, place), 0);
        expect(slots.taken[place] === 1, `step ${step}, slot ${view.offset}`).toBe(state !== 'free');
        if (state === 'free') continue;
        expect([slots.count[place], slots.frame[place]]).toEqual([view.count, view.frame]);
        const tasks = [...new Set(view.sharers.map(({ pid }) => pid))].sort();
        expect(ownersFromBits(slots.owners[place]!)).toEqual(tasks);
      }
      for (const { slot, frame } of snapshot.moves) {
        expect(slot).toBeLessThan(slots.total);
        expect(frame).toBeLessThan(snapshot.frames.total);
        expect(slots.fresh[slot]).toBe(1);
      }
    }
  });

  test('about the owners of a page is who maps its frame', () => {
    for (const { snapshot, kernel } of walk(scenario)) {
      for (const { vmas } of snapshot.tasks) {
        for (const run of vmas.flatMap(({ runs }) => runs).filter(({ frame }) => frame >= 0)) {
          const pids = [...new Set(peekFrame(kernel, run.frame).sharers.map(({ pid }) => pid))].sort();
          expect(run.owners).toEqual(pids);
        }
      }
    }
  });

  test('is the same however a step is reached: forward, back, by a jump', () => {
    const forward = [...walk(scenario)].map(({ snapshot }) => textOf(snapshot));
    const { host } = openHost(scenario);
    const last = forward.length - 1;
    expect(textOf(host.answer('seek', [last]).snapshot)).toBe(forward[last]);
    for (let step = last - 1; step >= 0; step--) {
      expect(textOf(host.answer('back', []).snapshot), `back to ${step}`).toBe(forward[step]);
    }
    for (const step of [last >> 1, 0, last, 1]) {
      expect(textOf(host.answer('seek', [step]).snapshot), `jump to ${step}`).toBe(forward[step]);
    }
  });
});

test('a step marks exactly what its commands changed', () => {
  const moments = [...walk(CROWD)];
  const changed = (step: number): string[] =>
    moments[step]!.snapshot.tasks.flatMap(({ view, vmas }) =>
      vmas.flatMap(({ view: vma, runs }) =>
        runs
          .filter(({ fresh }) => fresh)
          .map(({ page }) => `p${view.pid}:${vma.region}+${page - vma.start + vma.regionOffset}`),
      ),
    );
  expect(changed(0)).toEqual([]);
  expect(changed(1)).toEqual([0, 1, 2, 3, 4, 6, 7, 8].map((page) => `p0:A+${page}`));
  expect(changed(2)).toEqual([]);
  expect(changed(10)).toEqual(['p1:A+2']);
  expect(changed(14)).toEqual([]);
  expect(moments[14]!.snapshot.frames.fresh.every((fresh) => fresh === 0)).toBe(true);
});

test('copies are told with the frame copied, the copy and the page it was made for', () => {
  const moment = momentAt(CROWD, 10);
  expect(moment.snapshot.copies).toHaveLength(1);
  const [copy] = moment.snapshot.copies;
  const before = momentAt(CROWD, 9).snapshot.tasks[1]!.vmas.flatMap(({ runs }) => runs);
  expect(before.find(({ page }) => page === copy!.page)?.frame).toBe(copy!.from);
  expect(peekPage(moment.kernel, 1, copy!.page).frame).toBe(copy!.to);
  expect(moment.snapshot.frames.fresh[copy!.to]).toBe(1);
});

test('a long empty area is one run, beside which a single page stays to be seen', () => {
  const { snapshot } = momentAt(CROWD, 5);
  const long = snapshot.tasks[0]!.vmas.find(({ view }) => view.region === 'L')!;
  expect(long.runs.map(({ pages }) => pages)).toEqual([100, 1, 1, ...Array<number>(8).fill(1), 1, 189]);
});

test('who ended says how, a zombie until it is asked for', () => {
  const ended = [...walk(SWAPPED)].map(({ snapshot }) => snapshot.ended);
  expect(ended[6]).toEqual([]);
  expect(ended[7]).toMatchObject([{ pid: 1, ending: 'killed by SIGKILL' }]);
  expect(ended[9]).toMatchObject([{ pid: 0, state: 'reaped', ending: 'exit 3' }, { pid: 1 }]);
});

test('bytes that are written and read move between frame and slot; a page of zeros is only noted', () => {
  const ways = [...walk(SWAPPED)].map(({ snapshot }) => snapshot.moves.map(({ way }) => way));
  expect(ways[2]).toEqual(Array.from({ length: 6 }, () => 'out'));
  expect(ways[4]).toEqual(['in']);
  expect(ways[8]).toEqual([]);
});

test.each([
  ['without a bss', 'static int n = 5;'],
  ['with a bss', 'static char room[9000]; static int n = 5;'],
])('the heap of a C program %s stands under its own name', (_name, globals) => {
  const text = `format: faultline/1
title: A heap
machine: { ram: 64, seed: 1 }
programs:
  small: |
    #include <stdlib.h>
    ${globals}
    int main(void) { char *p = malloc(40);
      p[0] = n; return 0; }
chapters: [{ title: Run, steps: [{ say: Run., do: [ p0 exec small, run p0 to line 4 ] }] }]
`;
  const { snapshot, kernel } = momentAt({ name: 'heap', text }, 1);
  const parts = snapshot.tasks[0]!.vmas.map(({ view }) => view);
  const heap = parts.find(({ region }) => region === 'heap')!;
  expect([heap.start, heap.regionOffset]).toEqual([kernel.mms.startBrk[kernel.tasks.mm[0]!]! / 4096, 0]);
  expect(heap.end * 4096).toBe(kernel.mms.brk[kernel.tasks.mm[0]!]);
  const bss = parts.filter(({ region }) => region === 'bss');
  expect(bss.map(({ end }) => end)).toEqual(globals.includes('room') ? [heap.start] : []);
});
