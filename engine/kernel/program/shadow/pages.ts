import { allocRow, freeRow } from '../../../base/table.ts';
import { PAGE_SIZE } from '../../../base/units.ts';
import type { KernelState } from '../../state.ts';
import { MOST_BYTES } from './kinds.ts';
import type { ShadowTables } from './tables.ts';

/** Pages that are followed at once, of all processes: beyond them memory counts as defined. 12 KiB each. */
const MOST_PAGES = 8192;
const NOT_FOLLOWED = -1;

/**
 * Finds the shadow of a process's pages. It keeps an index and nothing else, so it may be made anew at any time.
 * @param fresh fills the new row of a page: its first state; false for a page that is not to be followed
 */
export class ShadowPages {
  private readonly rows = new Map<number, number>();
  private readonly strangers = new Set<number>();

  constructor(
    private readonly k: KernelState,
    readonly owner: number,
    private readonly fresh: (row: number, page: number) => boolean,
  ) {
    const { pages } = this;
    for (let row = 0; row < pages.rows; row++) if (pages.owner[row] === owner) this.rows.set(pages.page[row]!, row);
  }

  get pages(): ShadowTables['pages'] {
    return this.k.programs.shadow.pages;
  }

  /** @returns −1 for a page that is not followed */
  rowOf(page: number): number {
    const known = this.rows.get(page);
    if (known !== undefined) return known;
    return this.strangers.has(page) ? NOT_FOLLOWED : this.make(page);
  }

  private make(page: number): number {
    const row = this.add(page);
    if (row >= 0 && this.fresh(row, page)) return row;
    this.strangers.add(page);
    if (row < 0) return NOT_FOLLOWED;
    this.rows.delete(page);
    this.pages.owner[row] = 0;
    freeRow(this.pages, row);
    return NOT_FOLLOWED;
  }

  private add(page: number): number {
    const { pages } = this;
    if (pages.liveRows >= MOST_PAGES) return NOT_FOLLOWED;
    const row = allocRow(pages);
    pages.owner[row] = this.owner;
    pages.page[row] = page;
    this.rows.set(page, row);
    return row;
  }

  /** Memory has become another: pages that were not followed may be now. */
  forgetStrangers(): void {
    this.strangers.clear();
  }

  /** Follows a page from now on, whatever it is. */
  follow(page: number): void {
    if (this.rows.has(page)) return;
    this.strangers.delete(page);
    this.add(page);
  }

  /** The parts of a range that are followed: index of the first byte in the columns, bytes, address. */
  each(address: number, length: number, use: (at: number, count: number, address: number) => void): void {
    const end = address + Math.min(length, MOST_BYTES);
    for (let at = address; at < end;) {
      const page = Math.floor(at / PAGE_SIZE);
      const inPage = at - page * PAGE_SIZE;
      const count = Math.min(end - at, PAGE_SIZE - inPage);
      const row = this.rowOf(page);
      if (row >= 0) use(row * PAGE_SIZE + inPage, count, at);
      at += count;
    }
  }

  /** The same, but whole pages that nobody has asked for are left: their first state will be right. */
  private eachKnown(address: number, length: number, use: (at: number, count: number) => void): void {
    const end = address + length;
    for (let at = address; at < end;) {
      const page = Math.floor(at / PAGE_SIZE);
      const inPage = at - page * PAGE_SIZE;
      const count = Math.min(end - at, PAGE_SIZE - inPage);
      const row = count === PAGE_SIZE ? (this.rows.get(page) ?? NOT_FOLLOWED) : this.rowOf(page);
      if (row >= 0) use(row * PAGE_SIZE + inPage, count);
      at += count;
    }
  }

  /** Sets the state of a range; types and writers begin anew. */
  begin(address: number, length: number, state: number): void {
    this.eachKnown(address, length, (at, count) => {
      const { pages } = this;
      pages.state.fill(state, at, at + count);
      pages.type.fill(0, at, at + count);
      pages.writer.fill(0, at >> 2, (at + count + 3) >> 2);
    });
  }

  set(address: number, length: number, state: number): void {
    this.eachKnown(address, length, (at, count) => this.pages.state.fill(state, at, at + count));
  }

  /** A byte's flags; 0 where nothing is followed. */
  stateAt(address: number): number {
    const page = Math.floor(address / PAGE_SIZE);
    const row = this.rowOf(page);
    return row < 0 ? 0 : this.pages.state[row * PAGE_SIZE + (address - page * PAGE_SIZE)]!;
  }

  /** The same for whoever only looks: a page that nobody has asked for counts as defined. */
  knownStateAt(address: number): number {
    const page = Math.floor(address / PAGE_SIZE);
    const row = this.rows.get(page);
    return row === undefined ? 0 : this.pages.state[row * PAGE_SIZE + (address - page * PAGE_SIZE)]!;
  }

  /** Drops what is known of a range. */
  drop(address: number, length: number): void {
    this.begin(address, length, 0);
  }

  /**
   * memmove of the shadow: states go along with the bytes.
   * @param typed so do effective types; a variable keeps its own
   */
  copy(to: number, from: number, length: number, typed: boolean): void {
    const count = Math.min(length, MOST_BYTES);
    const states = new Uint8Array(count);
    const types = new Uint8Array(count);
    this.each(from, count, (at, n, address) => {
      states.set(this.pages.state.subarray(at, at + n), address - from);
      types.set(this.pages.type.subarray(at, at + n), address - from);
    });
    this.each(to, count, (at, n, address) => {
      const { state, type } = this.pages;
      for (let i = 0; i < n; i++) {
        // Where bytes lie stays as it is; whether they mean anything comes along.
        state[at + i] = (state[at + i]! & ~1) | (states[address - to + i]! & 1);
        if (typed) type[at + i] = types[address - to + i]!;
      }
    });
  }
}

/** A forked process has its parent's shadow. */
export function copyPages(k: KernelState, parent: number, child: number): void {
  const { pages } = k.programs.shadow;
  const last = pages.rows;
  for (let row = 0; row < last; row++) {
    if (pages.owner[row] !== parent || pages.liveRows >= MOST_PAGES) continue;
    const copy = allocRow(pages);
    pages.owner[copy] = child;
    pages.page[copy] = pages.page[row]!;
    pages.state.copyWithin(copy * PAGE_SIZE, row * PAGE_SIZE, (row + 1) * PAGE_SIZE);
    pages.type.copyWithin(copy * PAGE_SIZE, row * PAGE_SIZE, (row + 1) * PAGE_SIZE);
    pages.writer.copyWithin((copy * PAGE_SIZE) / 4, (row * PAGE_SIZE) / 4, ((row + 1) * PAGE_SIZE) / 4);
  }
}
