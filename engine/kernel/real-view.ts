import { FRAME } from '../base/flags.ts';
import type { MmId, Pid } from '../base/units.ts';
import { busFrame, isReal, ownsFrame } from '../mm/real-mode.ts';
import { vmaAt, vmaCount, vmaOf } from '../mm/vma-list.ts';
import { hasMemory, mmOf, taskNumbers } from '../proc/task.ts';
import type { PageView, SharerView } from '../protocol/views.ts';
import { pageLabel } from './regions.ts';
import type { KernelState } from './state.ts';

/** A machine without page tables, for whoever only looks. */

/** Whose areas lead to a frame, by task; empty for every frame that is no program's. */
export function flatSharers(k: KernelState, frame: number): SharerView[] {
  if (k.frames.kind[frame] !== FRAME.FLAT) return [];
  return taskNumbers(k)
    .filter((pid) => hasMemory(k, pid) && ownsFrame(k, mmOf(k, pid), frame))
    .map((pid) => ({ pid, page: pageOnFrame(k, pid, frame), label: pageLabel(k, pageOnFrame(k, pid, frame), pid) }));
}

/** The page of a task's area that leads to the frame. */
function pageOnFrame(k: KernelState, pid: Pid, frame: number): number {
  const mm = mmOf(k, pid);
  const total = k.machine.totalFrames[0]!;
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const start = k.vmas.start[vmaAt(k, mm, i)]!;
    const distance = (frame - busFrame(k, start) + total) % total;
    if (start + distance < k.vmas.end[vmaAt(k, mm, i)]!) return start + distance;
  }
  return frame;
}

/** Any page: there is always a frame behind it; `unmapped` says that it is not the task's own. Null with page tables. */
export function peekFlatPage(k: KernelState, pid: number, page: number): PageView | null {
  if (!isReal(k) || !hasMemory(k, pid)) return null;
  const frame = busFrame(k, page);
  const own = vmaOf(k, mmOf(k, pid as Pid), page) >= 0;
  return {
    pid,
    page,
    state: own ? 'resident' : 'unmapped',
    frame,
    sharers: flatSharers(k, frame).length,
    slot: null,
    writable: true,
    accessed: false,
    dirty: false,
    huge: false,
    entry: null,
  };
}

/** Pages by number of tasks whose areas lead to their frame. */
export function flatSharing(k: KernelState, mm: MmId): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    for (let page = k.vmas.start[vma]!; page < k.vmas.end[vma]!; page++) {
      const sharers = k.frames.refcount[busFrame(k, page)]!;
      counts.set(sharers, (counts.get(sharers) ?? 0) + 1);
    }
  }
  return counts;
}
