import { PTE } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import { findEntry, frameOfLow, lowWord } from './page-table.ts';
import { busFrame, isReal } from './real-mode.ts';
import type { MemoryState } from './state.ts';
import { isSwapped, slotOfEntry } from './swap-entry.ts';

/**
 * What a page holds, wherever it is, for whoever only looks: no fault, no event, no accessed bit.
 * @returns the `content` of its frame or, for a swapped page, of its frame in the swap cache or its slot; see
 * frame-bytes.ts. Zeros (−1) for a page that is not there, or that nobody may touch
 */
export function contentOfPage(k: MemoryState, mm: MmId, page: number): number {
  if (isReal(k)) return k.frames.content[busFrame(k, page)]!;
  const entry = findEntry(k, mm, page);
  const low = entry < 0 ? 0 : lowWord(k, entry);
  if ((low & PTE.PRESENT) !== 0) return k.frames.content[frameOfLow(low)]!;
  if (!isSwapped(low)) return -1;
  const slot = slotOfEntry(k, entry);
  const cached = k.swapSlots.frame[slot]!;
  return cached >= 0 ? k.frames.content[cached]! : k.swapSlots.content[slot]!;
}
