import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';

/**
 * The life of one swap slot, which is also that of its input and output:
 *
 *   free     nobody's; what the device holds means nothing
 *   cached   taken, its frame is in the swap cache and newer than the device
 *   writing  the frame is being written to the device
 *   clean    in the swap cache, frame and device hold the same
 *   stored   on the device alone
 *   reading  the device is being read
 *
 * Who names the slot is not a state: it is the slot's count, the swap map.
 * Source: Linux 6.18 mm/swapfile.c, mm/swap_state.c, mm/page_io.c; the flags of a folio in the swap cache as states.
 */
export const slotMachine = setup({
  types: { events: {} as { type: SlotEvent } },
}).createMachine({
  id: 'slot',
  initial: 'free',
  states: {
    free: {
      // folio_alloc_swap
      on: { 'slot.take': 'cached' },
    },
    cached: {
      on: {
        // swap_writeout
        'write.start': 'writing',
      },
    },
    writing: {
      // folio_end_writeback
      on: { 'write.done': 'clean' },
    },
    clean: {
      on: {
        // the page table entry was dirty when the page left its task again
        'page.dirtied': 'cached',
        // __remove_mapping, swap_cache_del_folio
        'cache.drop': 'stored',
        'slot.free': 'free',
      },
    },
    stored: {
      on: {
        // swap_read_folio
        'read.start': 'reading',
        'slot.free': 'free',
      },
    },
    reading: {
      on: {
        // read_swap_cache_async: the frame goes into the swap cache
        'read.cached': 'clean',
        // do_swap_page on a device that answers at once: the frame is the task's alone
        'read.direct': 'stored',
      },
    },
  },
});

/** In the order of their numbers. */
export const SLOT_STATES = ['free', 'cached', 'writing', 'clean', 'stored', 'reading'] as const;
export type SlotStateName = (typeof SLOT_STATES)[number];

export const SLOT_EVENTS = [
  'slot.take',
  'slot.free',
  'write.start',
  'write.done',
  'page.dirtied',
  'cache.drop',
  'read.start',
  'read.cached',
  'read.direct',
] as const;
export type SlotEvent = (typeof SLOT_EVENTS)[number];

/** The table the kernel looks into; nothing else decides how a slot's state changes. */
export const slotTable = compileMachine(slotMachine, SLOT_STATES, SLOT_EVENTS);
