import type { MalloptName } from '../protocol/library-calls.ts';
import { consolidate } from './consolidate.ts';
import type { Heap } from './heap.ts';
import { ensureInitialized } from './init.ts';
import {
  setArenaMax,
  setArenaTest,
  setMmapMax,
  setMmapThreshold,
  setMxfast,
  setPerturb,
  setTopPad,
  setTrimThreshold,
} from './parameters.ts';

/** Parameters of mallopt(3) by their numbers in malloc.h. */
export const MALLOPT = {
  mxfast: 1,
  trim_threshold: -1,
  top_pad: -2,
  mmap_threshold: -3,
  mmap_max: -4,
  check_action: -5,
  perturb: -6,
  arena_test: -7,
  arena_max: -8,
} as const satisfies Readonly<Record<MalloptName, number>>;

/**
 * mallopt(3). Empties the fastbins whatever is set. glibc 2.36 malloc/malloc.c __libc_mallopt.
 * @param parameter number of MALLOPT; unknown ones are accepted
 * @param value a C int
 */
export function mallopt(h: Heap, parameter: number, value: number): 0 | 1 {
  ensureInitialized(h);
  consolidate(h);
  switch (parameter) {
    case MALLOPT.mxfast:
      return setMxfast(h, value);
    case MALLOPT.trim_threshold:
      setTrimThreshold(h, value);
      return 1;
    case MALLOPT.top_pad:
      setTopPad(h, value);
      return 1;
    case MALLOPT.mmap_threshold:
      setMmapThreshold(h, value);
      return 1;
    case MALLOPT.mmap_max:
      setMmapMax(h, value);
      return 1;
    case MALLOPT.perturb:
      setPerturb(h, value);
      return 1;
    case MALLOPT.arena_test:
      if (value > 0) setArenaTest(h, value);
      return 1;
    case MALLOPT.arena_max:
      if (value > 0) setArenaMax(h, value);
      return 1;
    default:
      return 1;
  }
}
