import { VM_ACCESS } from '../base/flags.ts';
import type { MmId, VmaId } from '../base/units.ts';
import type { MemoryState } from './state.ts';
import { objectPage } from './vma.ts';
import { findVmaIndex, vmaAt, vmaCount } from './vma-list.ts';

/**
 * The area gets an anon_vma before its first private page; a neighbour's is shared where the two could still become
 * one area. Source: Linux 6.18 mm/rmap.c __anon_vma_prepare, mm/vma.c find_mergeable_anon_vma.
 */
export function prepareAnonVma(k: MemoryState, vma: VmaId): void {
  const { vmas, machine } = k;
  if (vmas.anonVma[vma] !== 0) return;
  const mm = vmas.mm[vma]! as MmId;
  const index = findVmaIndex(k, mm, vmas.start[vma]!);
  const above = index + 1 < vmaCount(k, mm) ? vmaAt(k, mm, index + 1) : null;
  const below = index > 0 ? vmaAt(k, mm, index - 1) : null;
  let shared = above === null ? 0 : reusableAnonVma(k, vma, above, above);
  if (shared === 0 && below !== null) shared = reusableAnonVma(k, below, vma, below);
  vmas.anonVma[vma] = shared !== 0 ? shared : machine.nextAnonVma[0]!++;
}

/** The neighbour's anon_vma where it may serve both, else 0. Source: mm/vma.c anon_vma_compatible, reusable_anon_vma. */
function reusableAnonVma(k: MemoryState, lower: VmaId, upper: VmaId, neighbour: VmaId): number {
  const { vmas } = k;
  const alike =
    vmas.end[lower] === vmas.start[upper] &&
    vmas.object[lower] === vmas.object[upper] &&
    ((vmas.flags[lower]! ^ vmas.flags[upper]!) & ~VM_ACCESS) === 0 &&
    objectPage(k, lower, vmas.start[upper]!) === vmas.offset[upper]!;
  return alike && vmas.inherited[neighbour] === 0 ? vmas.anonVma[neighbour]! : 0;
}
