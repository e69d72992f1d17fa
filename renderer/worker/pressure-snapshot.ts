import { watermarks } from '../../engine/mm/watermarks.ts';
import { PRESSURE_STATES } from '../../engine/mm/pressure.machine.ts';
import type { KernelState } from '../../engine/kernel/index.ts';
import type { PressureSnapshot } from '../../engine/protocol/snapshot.ts';
import { LRU_NAMES } from '../../engine/base/flags.ts';

/** How short memory is, and what the lists of reclaim hold. */
export const pressureSnapshot = (k: KernelState): PressureSnapshot => ({
  state: PRESSURE_STATES[k.machine.pressure[0]!]!,
  ...watermarks(k),
  lists: LRU_NAMES.map((_, list) => k.lruLists.count[list]!),
});
