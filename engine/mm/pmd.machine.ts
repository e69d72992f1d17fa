import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';

/**
 * The life of one entry of level 2, which leads to a page table or is itself the mapping of 512 pages:
 *
 *   empty     nothing below
 *   table     leads to a table of level 1
 *   huge      512 frames in a row, one translation; its page table is put aside for the day it is split
 *   hugeZero  the same for the huge zero page
 *
 * Linux puts an empty table aside (pgtable_trans_huge_deposit); here it holds what a split would write into it.
 */
export const pmdMachine = setup({
  types: { events: {} as { type: PmdEvent } },
}).createMachine({
  id: 'pmd',
  initial: 'empty',
  states: {
    empty: { on: { 'table.make': 'table' } },
    table: {
      on: {
        'table.free': 'empty',
        // mm/huge_memory.c __do_huge_pmd_anonymous_page
        'fault.huge': 'huge',
        // do_huge_pmd_anonymous_page of a read: set_huge_zero_folio
        'fault.hugeZero': 'hugeZero',
        // copy_huge_pmd, on the child's side
        'fork.huge': 'huge',
        'fork.hugeZero': 'hugeZero',
        // move_huge_pmd, where it arrives
        'move.huge': 'huge',
        'move.hugeZero': 'hugeZero',
        // mm/khugepaged.c collapse_huge_page
        'collapse': 'huge',
      },
    },
    huge: {
      on: {
        // __split_huge_pmd, or zap_huge_pmd on its way to nothing
        'split': 'table',
        // change_huge_pmd, do_huge_pmd_wp_page that reuses, copy_huge_pmd on the parent's side
        'change': 'huge',
      },
    },
    hugeZero: {
      on: {
        'split': 'table',
        'change': 'hugeZero',
        // do_huge_zero_wp_pmd
        'write.huge': 'huge',
      },
    },
  },
}); // prettier-ignore

export const PMD_STATES = ['empty', 'table', 'huge', 'hugeZero'] as const;
export const PMD_EVENTS = [
  'table.make', 'table.free', 'fault.huge', 'fault.hugeZero', 'fork.huge', 'fork.hugeZero', 'move.huge',
  'move.hugeZero', 'collapse', 'split', 'change', 'write.huge',
] as const; // prettier-ignore
export type PmdEvent = (typeof PMD_EVENTS)[number];

/** The table the kernel looks into; nothing else decides how an entry of level 2 changes. */
export const pmdTable = compileMachine(pmdMachine, PMD_STATES, PMD_EVENTS);
