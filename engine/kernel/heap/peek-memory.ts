import { FRAME } from '../../base/flags.ts';
import { PAGE_SIZE, type MmId, type ObjectId } from '../../base/units.ts';
import type { WordReader } from '../../malloc/index.ts';
import { peekDiskPage } from '../../mm/disk.ts';
import { cachedFrame } from '../../mm/object.ts';
import { findEntry, frameOfLow, lowWord } from '../../mm/page-table.ts';
import { pageStateName, stateOfLow } from '../../mm/page-state.ts';
import { busFrame, isReal } from '../../mm/real-mode.ts';
import { slotOfEntry } from '../../mm/swap-entry.ts';
import { isAnonymous, objectPage } from '../../mm/vma.ts';
import { vmaOf } from '../../mm/vma-list.ts';
import type { KernelState } from '../state.ts';

/** What `frames.content` holds for a page of zeros; see mm/frame-bytes.ts. */
const ALL_ZERO = -1;

/**
 * A task's memory for whoever only looks: no fault, no event, no accessed bit. What was never touched reads as its file
 * has it or as zero, what is swapped out as it lies in its slot. Good for one moment: the page looked at last is kept.
 */
export class PeekMemory implements WordReader {
  private page = -1;
  private content = ALL_ZERO;
  /** Of a page of a file that is in no frame. */
  private disk: Uint8Array | null = null;

  constructor(
    private readonly k: KernelState,
    private readonly pid: number,
  ) {}

  load8 = (address: number): number => {
    const page = Math.floor(address / PAGE_SIZE);
    if (page !== this.page) {
      this.page = page;
      this.disk = null;
      this.content = this.contentOf(page);
    }
    const offset = address - page * PAGE_SIZE;
    if (this.disk !== null) return this.disk[offset]!;
    if (this.content >= 0) return this.k.contents.bytes[this.content * PAGE_SIZE + offset]!;
    return offset === 0 ? ALL_ZERO - this.content : 0;
  };

  /** Bytes from an address on. */
  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const first = this.load8(address + done);
      const inPage = (address + done) % PAGE_SIZE;
      const count = Math.min(length - done, PAGE_SIZE - inPage);
      const source = this.disk ?? (this.content >= 0 ? this.k.contents.bytes : null);
      const start = (this.disk === null ? this.content * PAGE_SIZE : 0) + inPage;
      if (source === null) bytes[done] = first;
      else bytes.set(source.subarray(start, start + count), done);
      done += count;
    }
    return bytes;
  }

  load16 = (address: number): number => this.load8(address) + this.load8(address + 1) * 2 ** 8;
  load32 = (address: number): number => this.load16(address) + this.load16(address + 2) * 2 ** 16;
  load64 = (address: number): number => this.load32(address) + (this.load32(address + 4) | 0) * 2 ** 32;

  private contentOf(page: number): number {
    const { k } = this;
    const mm = k.tasks.mm[this.pid] ?? -1;
    if (mm < 0 || page < 0) return ALL_ZERO;
    if (isReal(k)) return k.frames.content[busFrame(k, page)]!;
    const entry = findEntry(k, mm as MmId, page);
    if (entry < 0) return this.contentOfObject(mm as MmId, page);
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
      case 'zero':
        return ALL_ZERO;
      default:
        return this.contentOfObject(mm as MmId, page);
    }
  }

  /** A page without an entry: as the page cache or the disk has it. */
  private contentOfObject(mm: MmId, page: number): number {
    const { k } = this;
    const vma = vmaOf(k, mm, page);
    if (vma < 0 || isAnonymous(k, vma)) return ALL_ZERO;
    const object = k.vmas.object[vma]! as ObjectId;
    const index = objectPage(k, vma, page);
    const frame = cachedFrame(k, object, index);
    if (frame >= 0) return k.frames.content[frame]!;
    if (k.objects.kind[object] === FRAME.FILE) this.disk = peekDiskPage(k, object, index);
    return ALL_ZERO;
  }
}
