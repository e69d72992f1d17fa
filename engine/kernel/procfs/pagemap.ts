import { FRAME, PTE } from '../../base/flags.ts';
import { PAGE_SIZE, type EntryId, type MmId, type SlotId } from '../../base/units.ts';
import { entryId, forEachTable, frameOfLow, lowWord } from '../../mm/page-table.ts';
import { isGuard } from '../../mm/page-state.ts';
import { isSwapped, placeOfSlot, slotOfEntry } from '../../mm/swap-entry.ts';
import type { KernelState } from '../state.ts';
import { hex } from './format.ts';
import { areasOf } from './maps.ts';

/** High words of the bits of an entry. Source: Linux 6.18 fs/proc/task_mmu.c PM_PRESENT and others. */
const PM = { PRESENT: 2 ** 31, SWAP: 2 ** 30, FILE: 2 ** 29, GUARD_REGION: 2 ** 26, MMAP_EXCLUSIVE: 2 ** 24 } as const;
/** Lines that one command prints. */
const MAX_LINES = 65_536;

/**
 * /proc/PID/pagemap in words: the address of each page that has an entry, and the 64 bits the kernel gives for it. The
 * real file holds these bits alone, eight bytes a page from address 0.
 * Source: Linux 6.18 fs/proc/task_mmu.c pte_to_pagemap_entry.
 */
export function pagemapText(k: KernelState, mm: MmId): string {
  const lines: string[] = [];
  for (const vma of areasOf(k, mm)) {
    forEachTable(k, mm, k.vmas.start[vma]!, k.vmas.end[vma]!, (table, from, to) => {
      for (let page = from; page < to && lines.length < MAX_LINES; page++) {
        const low = lowWord(k, entryId(table, page % 512));
        if (low !== 0) lines.push(`${hex(page * PAGE_SIZE, 12)} ${pagemapEntry(k, entryId(table, page % 512))}\n`);
      }
    });
  }
  return lines.join('');
}

function pagemapEntry(k: KernelState, entry: EntryId): string {
  const low = lowWord(k, entry);
  if (isGuard(low)) return hex(PM.GUARD_REGION, 8) + hex(0, 8);
  if (isSwapped(low)) return swappedEntry(k, slotOfEntry(k, entry));
  const frame = frameOfLow(low);
  let high: number = PM.PRESENT;
  if ((low & PTE.SPECIAL) === 0 && k.frames.kind[frame] !== FRAME.DEVICE) {
    if (k.frames.kind[frame] !== FRAME.ANON) high += PM.FILE;
    if (k.frames.mapcount[frame] === 1) high += PM.MMAP_EXCLUSIVE;
  }
  return hex(high, 8) + hex(frame, 8);
}

/** The device in the lowest five bits, above it the number of the slot. */
function swappedEntry(k: KernelState, slot: SlotId): string {
  const { device, offset } = placeOfSlot(k, slot);
  return hex(PM.SWAP, 8) + hex(offset * 32 + device, 8);
}
