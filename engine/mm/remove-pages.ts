import type { ObjectId, Pfn } from '../base/units.ts';
import { dropFromCache, dropSwapped } from './object.ts';
import { unmapPage } from './page-runs.ts';
import { PAGE_EVENT } from './page.machine.ts';
import { entriesOf } from './rmap.ts';
import type { MemoryState } from './state.ts';

/**
 * A hole in shared memory: pages [from, to) of the object lose their frames, in every task that maps them.
 * Source: Linux 6.18 mm/shmem.c shmem_fallocate (FALLOC_FL_PUNCH_HOLE), mm/memory.c unmap_mapping_range.
 */
export function removeObjectPages(k: MemoryState, object: ObjectId, from: number, to: number): void {
  const { frames, objects } = k;
  for (let frame = objects.head[object]!; frame >= 0;) {
    const next = frames.next[frame]!;
    const index = frames.index[frame]!;
    if (index >= from && index < to) {
      for (const entry of entriesOf(k, frame as Pfn)) unmapPage(k, entry, PAGE_EVENT['page.drop']);
      dropFromCache(k, object, frame as Pfn);
    }
    frame = next;
  }
  dropSwapped(k, object, from, to);
}
