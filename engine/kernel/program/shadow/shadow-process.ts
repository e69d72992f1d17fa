import { PAGE_SIZE, type Pid } from '../../../base/units.ts';
import { typeClasses, type Image } from '../../../c/index.ts';
import { mmOf } from '../../../proc/task.ts';
import type { KernelState } from '../../state.ts';
import { Process } from '../process.ts';
import { ShadowBlocks } from './blocks.ts';
import { notesOf, type ImageNotes, type Variable } from './image-notes.ts';
import { ShadowPages } from './pages.ts';
import { SHADOW } from './tables.ts';

/** Farther below the end of the stack nobody looks for it: bytes. */
const MOST_STACK = 64 * 2 ** 20;

/** Where in a process an address is. */
export type Segment = 'stack' | 'data' | 'other';

/** One process that is checked: its shadow under names. It keeps indices and nothing else. */
export class ShadowProcess {
  readonly image: Image;
  readonly notes: ImageNotes;
  readonly pages: ShadowPages;
  readonly blocks: ShadowBlocks;
  /** End of the stack, exclusive, and the lowest address that may be of it. */
  readonly stackTop: number;
  readonly stackBottom: number;

  constructor(
    readonly k: KernelState,
    readonly task: Pid,
    readonly owner: number,
  ) {
    this.image = new Process(k, task).image;
    this.notes = notesOf(this.image);
    this.blocks = new ShadowBlocks(k, owner);
    this.pages = new ShadowPages(k, owner, (row, page) => this.begin(row, page));
    const mm = mmOf(k, task);
    this.stackTop = Math.ceil((k.mms.startStack[mm]! + 1) / PAGE_SIZE) * PAGE_SIZE;
    this.stackBottom = this.stackTop - Math.min(k.mms.rlimitStack[mm]!, MOST_STACK);
  }

  segmentOf(address: number): Segment {
    if (address >= this.stackBottom && address < this.stackTop) return 'stack';
    return address >= this.image.dataStart && address < this.image.end ? 'data' : 'other';
  }

  /** The first state of a page: what has been given out there until now. */
  private begin(row: number, page: number): boolean {
    const start = page * PAGE_SIZE;
    const end = start + PAGE_SIZE;
    return start < this.image.end && end > this.image.dataStart
      ? this.beginData(row, start)
      : this.beginHeap(row, start, end);
  }

  private beginHeap(row: number, start: number, end: number): boolean {
    const { state } = this.pages.pages;
    const { blocks } = this;
    const at = row * PAGE_SIZE - start;
    const arena = blocks.arenaPart(start, end);
    if (arena !== null) state.fill(SHADOW.OUTSIDE, at + arena[0], at + arena[1]);
    const large = blocks.largeIn(start, end);
    for (const block of large) {
      const from = blocks.table.address[block]!;
      const inUse = blocks.table.zeroed[block] === 1 ? 0 : SHADOW.UNDEFINED;
      const fill = (low: number, high: number, value: number): void => {
        if (high > start && low < end) state.fill(value, at + Math.max(low, start), at + Math.min(high, end));
      };
      fill(from, from + blocks.table.size[block]!, blocks.isLive(block) ? inUse : SHADOW.FREED);
      fill(from + blocks.table.size[block]!, from + blocks.table.usable[block]!, SHADOW.OUTSIDE);
    }
    return arena !== null || large.length > 0;
  }

  private beginData(row: number, start: number): boolean {
    const { state, type } = this.pages.pages;
    const at = row * PAGE_SIZE;
    state.fill(SHADOW.OUTSIDE, at, at + PAGE_SIZE);
    for (const variable of this.image.variables) {
      const from = Math.max(0, variable.address - start);
      const to = Math.min(PAGE_SIZE, variable.address + variable.size - start);
      if (from >= to) continue;
      state.fill(0, at + from, at + to);
      const skipped = start + from - variable.address;
      type.set(typeClasses(variable.type).subarray(skipped, skipped + to - from), at + from);
    }
    return true;
  }

  /** The global variable that has an address, or null. */
  globalAt(address: number): Variable | null {
    return this.notes.variables.find((each) => address >= each.address && address < each.address + each.size) ?? null;
  }
}
