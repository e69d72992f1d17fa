import { makeAllocator } from '../allocator.ts';
import { checkHeap } from '../check-heap.ts';
import { blockOf } from '../chunk.ts';
import type { HeapStep, HeapWatcher } from '../heap.ts';
import { walkHeap } from '../walk.ts';
import type { Design, DesignStep, DesignWatcher } from './design.ts';

/**
 * glibc's allocator as one design of several. Chunks of the tcache and the fastbins count as free here: the program does
 * not have them. Mapped chunks are in no list, so a walk does not meet them.
 */
export const glibcDesign: Design = {
  make: (h) => makeAllocator(h.mem, h.arena, undefined, h.watcher === null ? null : stepsOf(h.watcher)),
  walk: (h) =>
    walkHeap(h).map(({ address, size, state }, i) => ({
      address,
      bytes: size,
      // The first chunk is the tcache's own.
      state: state !== 'inUse' ? 'free' : i === 0 ? 'own' : 'used',
      block: blockOf(address),
    })),
  check: checkHeap,
};

const STEPS: Partial<Readonly<Record<HeapStep, DesignStep>>> = {
  'tcache.hit': 'look',
  'fastbin.hit': 'look',
  'smallbin.hit': 'look',
  'unsorted.visit': 'look',
  'bin.search': 'look',
  split: 'split',
  'top.carve': 'split',
  'system.brk': 'grow',
  'system.mmap': 'grow',
};

/** What a step of glibc is in the words of the other designs. */
export const glibcDesignStep = (step: HeapStep): DesignStep | undefined => STEPS[step];

/** What glibc does, in the words of the other designs. */
function stepsOf(watcher: DesignWatcher): HeapWatcher {
  return {
    stateOfFree: () => null,
    chunkMoved(chunk, _from, event) {
      if (event === 'free.top' || event.startsWith('join.')) watcher.step('merge', chunk, 0);
    },
    step(step, a, b) {
      const same = glibcDesignStep(step);
      if (same !== undefined) watcher.step(same, a, b);
    },
  };
}
