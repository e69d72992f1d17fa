import { PAGE_SIZE, type MmId } from '../../base/units.ts';
import type { WordReader } from '../../malloc/index.ts';
import { findEntry, frameOfLow, lowWord } from '../../mm/page-table.ts';
import { pageStateName, stateOfLow } from '../../mm/page-state.ts';
import { slotOfEntry } from '../../mm/swap-entry.ts';
import type { KernelState } from '../state.ts';

/** What `frames.content` holds for a page of zeros; see mm/frame-bytes.ts. */
const ALL_ZERO = -1;

/**
 * A task's memory for whoever only looks: no fault, no event, no accessed bit. What was never touched reads as zero, what
 * is swapped out as it lies in its slot. Good for one moment: the page looked at last is kept.
 */
export class PeekMemory implements WordReader {
  private page = -1;
  private content = ALL_ZERO;

  constructor(
    private readonly k: KernelState,
    private readonly pid: number,
  ) {}

  load8 = (address: number): number => {
    const page = Math.floor(address / PAGE_SIZE);
    if (page !== this.page) {
      this.page = page;
      this.content = this.contentOf(page);
    }
    const offset = address - page * PAGE_SIZE;
    if (this.content >= 0) return this.k.contents.bytes[this.content * PAGE_SIZE + offset]!;
    return offset === 0 ? ALL_ZERO - this.content : 0;
  };

  load16 = (address: number): number => this.load8(address) + this.load8(address + 1) * 2 ** 8;
  load32 = (address: number): number => this.load16(address) + this.load16(address + 2) * 2 ** 16;
  load64 = (address: number): number => this.load32(address) + (this.load32(address + 4) | 0) * 2 ** 32;

  private contentOf(page: number): number {
    const { k } = this;
    const mm = k.tasks.mm[this.pid] ?? -1;
    if (mm < 0 || page < 0) return ALL_ZERO;
    const entry = findEntry(k, mm as MmId, page);
    if (entry < 0) return ALL_ZERO;
    const low = lowWord(k, entry);
    switch (pageStateName(stateOfLow(low))) {
      case 'resident':
      case 'readOnly':
      case 'noAccess':
        return k.frames.content[frameOfLow(low)]!;
      case 'swapped': {
        const slot = slotOfEntry(k, entry);
        const cached = k.swapSlots.frame[slot]!;
        return cached < 0 ? k.swapSlots.content[slot]! : k.frames.content[cached]!;
      }
      default:
        return ALL_ZERO;
    }
  }
}
