import { PAGE_SIZE, type MmId } from '../../base/units.ts';
import type { WordReader } from '../../malloc/index.ts';
import { contentByte } from '../../mm/frame-bytes.ts';
import { contentOfPage } from '../../mm/peek-page.ts';
import type { KernelState } from '../state.ts';

/**
 * A task's memory for whoever only looks: no fault, no event, no accessed bit. What is in swap is read
 * there; what is nowhere reads as zero. Good for one moment: what the page looked at last holds is kept.
 */
export class PeekMemory implements WordReader {
  private page = -1;
  private content = -1;

  constructor(
    private readonly k: KernelState,
    private readonly pid: number,
  ) {}

  load8 = (address: number): number => {
    const page = Math.floor(address / PAGE_SIZE);
    if (page !== this.page) this.lookUp(page);
    return contentByte(this.k, this.content, address - page * PAGE_SIZE);
  };

  load16 = (address: number): number => this.load8(address) + this.load8(address + 1) * 2 ** 8;
  load32 = (address: number): number => this.load16(address) + this.load16(address + 2) * 2 ** 16;
  load64 = (address: number): number => this.load32(address) + (this.load32(address + 4) | 0) * 2 ** 32;

  private lookUp(page: number): void {
    this.page = page;
    const mm = this.k.tasks.mm[this.pid] ?? -1;
    this.content = mm < 0 || page < 0 ? -1 : contentOfPage(this.k, mm as MmId, page);
  }
}
