import { setup } from 'xstate';
import { compileMachine, type EventNumber } from '../base/compile-machine.ts';

/**
 * The life of one page of one task. What is stored is what its page table entry can hold:
 *
 *   unmapped  no VMA; entry zero
 *   reserved  in a VMA, never touched or given back; entry zero
 *   zero      the shared zero page, read-only
 *   resident  a frame, writable
 *   readOnly  a frame that a write must fault on: shared by fork, a file's page, or a VMA without write permission
 *   noAccess  a frame that nobody may touch: PROT_NONE
 *   guard     no frame, and every access is refused: MADV_GUARD_INSTALL
 *   swapped   no frame; the entry names a swap slot
 *
 * How many share the frame is not a state: it is the frame's count of entries. Nor is it a state of the page whether a
 * swapped one still has a frame in the swap cache: that is the slot's, see slot.machine.
 */
export const pageMachine = setup({
  types: { events: {} as { type: PageEvent } },
}).createMachine({
  id: 'page',
  initial: 'unmapped',
  states: {
    unmapped: {
      on: { 'vma.map': 'reserved' },
    },
    reserved: {
      on: {
        'vma.unmap': 'unmapped',
        // Linux mm/memory.c do_anonymous_page, read: the zero page
        'fault.readAnon': 'zero',
        // do_anonymous_page, write; do_cow_fault; do_shared_fault
        'fault.mapWritable': 'resident',
        // do_read_fault of a file page; a populated page of a read-only VMA
        'fault.mapReadOnly': 'readOnly',
        // copy_present_pte: the child's entry starts like the parent's became
        'fork.copyZero': 'zero',
        'fork.copyReadOnly': 'readOnly',
        'fork.copyNoAccess': 'noAccess',
        // a shared mapping with guard pages is the only one that fork copies writable
        'fork.copyWritable': 'resident',
        'fork.copyGuard': 'guard',
        'fork.copySwapped': 'swapped',
        'guard.install': 'guard',
        // mremap, mm/mremap.c move_ptes: the page arrives as it was
        'move.zero': 'zero',
        'move.resident': 'resident',
        'move.readOnly': 'readOnly',
        'move.noAccess': 'noAccess',
        'move.guard': 'guard',
        'move.swapped': 'swapped',
      },
    },
    zero: {
      on: {
        'vma.unmap': 'unmapped',
        'page.drop': 'reserved',
        'move.away': 'reserved',
        // do_wp_page without a normal page: a fresh zeroed frame
        'write.fresh': 'resident',
        'protect.read': 'zero',
        'protect.write': 'zero',
        'protect.none': 'zero',
        'fork.share': 'zero',
      },
    },
    resident: {
      on: {
        'vma.unmap': 'unmapped',
        'page.drop': 'reserved',
        'move.away': 'reserved',
        // try_to_unmap: an anonymous page leaves for its slot; a file's or a discarded one just goes
        'reclaim.swapOut': 'swapped',
        'reclaim.discard': 'reserved',
        'protect.read': 'readOnly',
        'protect.write': 'resident',
        'protect.none': 'noAccess',
        // copy_present_pte: private and writable loses its write bit on both sides
        'fork.share': 'readOnly',
        // page_vma_mkclean_one: the next store is to be noticed
        'cache.clean': 'readOnly',
      },
    },
    readOnly: {
      on: {
        'vma.unmap': 'unmapped',
        'page.drop': 'reserved',
        'move.away': 'reserved',
        'reclaim.swapOut': 'swapped',
        'reclaim.discard': 'reserved',
        // do_wp_page: wp_page_copy, or wp_page_reuse for the last one
        'write.copy': 'resident',
        'write.reuse': 'resident',
        'protect.read': 'readOnly',
        'protect.none': 'noAccess',
        // can_change_pte_writable: only an exclusive page becomes writable at once
        'protect.upgrade': 'resident',
        'protect.write': 'readOnly',
        'fork.share': 'readOnly',
        'cache.clean': 'readOnly',
      },
    },
    noAccess: {
      on: {
        'vma.unmap': 'unmapped',
        'page.drop': 'reserved',
        'move.away': 'reserved',
        'reclaim.swapOut': 'swapped',
        'reclaim.discard': 'reserved',
        'protect.read': 'readOnly',
        'protect.upgrade': 'resident',
        'protect.write': 'readOnly',
        'fork.share': 'noAccess',
        'cache.clean': 'noAccess',
      },
    },
    guard: {
      on: {
        'vma.unmap': 'unmapped',
        'guard.remove': 'reserved',
        'move.away': 'reserved',
      },
    },
    swapped: {
      on: {
        'vma.unmap': 'unmapped',
        'page.drop': 'reserved',
        'move.away': 'reserved',
        // do_swap_page: writable at once where nobody shares the page
        'fault.swapInWritable': 'resident',
        'fault.swapInReadOnly': 'readOnly',
        // copy_nonpresent_pte: both sides name the slot
        'fork.share': 'swapped',
      },
    },
  },
});

/** In the order of their numbers; recorded traces hold the numbers. */
export const PAGE_STATES = [
  'unmapped', 'reserved', 'zero', 'resident', 'readOnly', 'noAccess', 'guard', 'swapped',
] as const; // prettier-ignore
export type PageStateName = (typeof PAGE_STATES)[number];

export const PAGE_EVENTS = [
  'vma.map',
  'vma.unmap',
  'page.drop',
  'fault.readAnon',
  'fault.mapWritable',
  'fault.mapReadOnly',
  'write.fresh',
  'write.copy',
  'write.reuse',
  'protect.read',
  'protect.write',
  'protect.upgrade',
  'protect.none',
  'fork.share',
  'fork.copyZero',
  'fork.copyReadOnly',
  'fork.copyNoAccess',
  'fork.copyWritable',
  'fork.copyGuard',
  'guard.install',
  'guard.remove',
  'move.away',
  'move.zero',
  'move.resident',
  'move.readOnly',
  'move.noAccess',
  'move.guard',
  'move.swapped',
  'fork.copySwapped',
  'reclaim.swapOut',
  'reclaim.discard',
  'fault.swapInWritable',
  'fault.swapInReadOnly',
  'cache.clean',
] as const;
export type PageEvent = (typeof PAGE_EVENTS)[number];

/** The table the kernel looks into; nothing else decides how a page's state changes. */
export const pageTable = compileMachine(pageMachine, PAGE_STATES, PAGE_EVENTS);
/** Numbers of the events: a name would be looked up in the table's index again and again, on the path of every fault. */
export const PAGE_EVENT = pageTable.eventIndex;
export type PageStep<Event extends PageEvent = PageEvent> = EventNumber<Event>;
