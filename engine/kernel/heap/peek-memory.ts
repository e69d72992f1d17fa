import { PTE } from '../../base/flags.ts';
import { PAGE_SIZE, type MmId } from '../../base/units.ts';
import type { WordReader } from '../../malloc/index.ts';
import { peekByte } from '../../mm/frame-bytes.ts';
import { findEntry, frameOfLow, lowWord } from '../../mm/page-table.ts';
import type { KernelState } from '../state.ts';

/**
 * A task's memory for whoever only looks: no fault, no event, no accessed bit. What is not there reads as zero. Good
 * for one moment: the frame of the page looked at last is kept.
 */
export class PeekMemory implements WordReader {
  private page = -1;
  private frame = -1;

  constructor(
    private readonly k: KernelState,
    private readonly pid: number,
  ) {}

  load8 = (address: number): number => {
    const page = Math.floor(address / PAGE_SIZE);
    if (page !== this.page) this.lookUp(page);
    return this.frame < 0 ? 0 : peekByte(this.k, this.frame, address - page * PAGE_SIZE);
  };

  load16 = (address: number): number => this.load8(address) + this.load8(address + 1) * 2 ** 8;
  load32 = (address: number): number => this.load16(address) + this.load16(address + 2) * 2 ** 16;
  load64 = (address: number): number => this.load32(address) + (this.load32(address + 4) | 0) * 2 ** 32;

  /** The frame of a present page; −1 for all others. */
  private lookUp(page: number): void {
    this.page = page;
    this.frame = -1;
    const mm = this.k.tasks.mm[this.pid] ?? -1;
    if (mm < 0 || page < 0) return;
    const entry = findEntry(this.k, mm as MmId, page);
    const low = entry < 0 ? 0 : lowWord(this.k, entry);
    if ((low & PTE.PRESENT) !== 0) this.frame = frameOfLow(low);
  }
}
