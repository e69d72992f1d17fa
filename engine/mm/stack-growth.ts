import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { VM, VM_ACCESS } from '../base/flags.ts';
import { PAGE_SIZE, type MmId } from '../base/units.ts';
import { prepareAnonVma } from './anon-vma.ts';
import { accountPages } from './commit.ts';
import { lockLimitAllows } from './mlock.ts';
import { mayExpand } from './mmap.ts';
import { STACK_GUARD_PAGES } from './brk.ts';
import type { MemoryState } from './state.ts';
import { countPages } from './vma.ts';
import { vmaAt } from './vma-list.ts';

/**
 * An access below the stack: the stack grows down to that page, unless RLIMIT_STACK or the guard gap to the mapping
 * below is in the way. Source: Linux 6.18 mm/mmap.c expand_stack, mm/vma.c expand_downwards, acct_stack_growth.
 * @param index of the stack's VMA @returns false when the access is a segmentation fault
 */
export function growStack(k: MemoryState, mm: MmId, index: number, page: number): boolean {
  const { vmas, mms } = k;
  const vma = vmaAt(k, mm, index);
  prepareAnonVma(k, vma);
  if (page * PAGE_SIZE < k.machine.mmapMinAddr[0]!) return false;
  const grown = vmas.start[vma]! - page;
  const size = vmas.end[vma]! - page;
  if (size * PAGE_SIZE > mms.rlimitStack[mm]!) return false;
  if (index > 0) {
    const below = vmaAt(k, mm, index - 1);
    const ignored = (vmas.flags[below]! & VM_ACCESS) === 0 || (vmas.flags[below]! & VM.GROWSDOWN) !== 0;
    if (!ignored && page - vmas.end[below]! < STACK_GUARD_PAGES) return false;
    if (page < vmas.end[below]!) return false;
  }
  const flags = vmas.flags[vma]!;
  if (!mayExpand(k, mm, flags, grown) || !lockLimitAllows(k, mm, flags, grown)) return false;
  if ((flags & VM.ACCOUNT) !== 0 && !accountPages(k, mm, grown).ok) return false;
  vmas.start[vma] = page;
  vmas.offset[vma]! -= grown;
  countPages(k, mm, flags, grown);
  emit(k.events, EVENT.STACK_GROWN, page, -1, grown);
  return true;
}
