import { allocRow, freeRow } from '../../../base/table.ts';
import type { KernelState } from '../../state.ts';
import type { ShadowTables } from './tables.ts';

/** Blocks of this size may cover a whole page that nobody has looked at yet. */
const LARGE = 4096;

/** The blocks of a process's heap as its program knows them, and the stretches its allocator has. Keeps an index alone. */
export class ShadowBlocks {
  private readonly rows = new Map<number, number>();
  private readonly large = new Set<number>();

  constructor(
    private readonly k: KernelState,
    readonly owner: number,
  ) {
    const { table } = this;
    for (let row = 0; row < table.rows; row++) if (table.owner[row] === owner) this.enter(row);
  }

  get table(): ShadowTables['blocks'] {
    return this.k.programs.shadow.blocks;
  }
  private get arenas(): ShadowTables['arenas'] {
    return this.k.programs.shadow.arenas;
  }

  private enter(row: number): void {
    this.rows.set(this.table.address[row]!, row);
    if (this.table.size[row]! >= LARGE) this.large.add(row);
    else this.large.delete(row);
  }

  private stamp(row: number): void {
    this.table.serial[row] = ++this.k.programs.shadow.machine.serial[0]!;
  }

  /** A block that begins there, live or freed; −1. */
  at(address: number): number {
    return this.rows.get(address) ?? -1;
  }
  isLive(row: number): boolean {
    return row >= 0 && this.table.live[row] === 1;
  }

  allocated(address: number, size: number, usable: number, line: number, zeroed: boolean): void {
    const { table } = this;
    let row = this.at(address);
    if (row < 0) row = allocRow(table);
    table.owner[row] = this.owner;
    table.address[row] = address;
    table.size[row] = size;
    table.usable[row] = usable;
    table.live[row] = 1;
    table.zeroed[row] = zeroed ? 1 : 0;
    table.allocated[row] = line;
    table.freed[row] = 0;
    this.stamp(row);
    this.enter(row);
  }

  freed(row: number, line: number): void {
    this.table.live[row] = 0;
    this.table.freed[row] = line;
    this.stamp(row);
  }

  /** Memory has come from the system, or gone back: what was known of blocks there is void. */
  forget(start: number, end: number): void {
    const { table, arenas } = this;
    for (const [address, row] of this.rows) {
      if (address < start || address >= end) continue;
      this.rows.delete(address);
      this.large.delete(row);
      table.owner[row] = 0;
      freeRow(table, row);
    }
    for (let row = 0; row < arenas.rows; row++) {
      if (arenas.owner[row] === this.owner && arenas.end[row]! > start && arenas.start[row]! < end)
        arenas.end[row] = Math.max(arenas.start[row]!, start);
    }
  }

  /** The allocator moved the break. */
  grew(start: number, end: number): void {
    const { arenas } = this;
    for (let row = 0; row < arenas.rows; row++) {
      if (arenas.owner[row] !== this.owner || arenas.end[row] !== start) continue;
      arenas.end[row] = end;
      return;
    }
    if (end <= start) return;
    const row = allocRow(arenas);
    arenas.owner[row] = this.owner;
    arenas.start[row] = start;
    arenas.end[row] = end;
  }

  /** The part of [start, end) that the allocator has from the break; null for none. */
  arenaPart(start: number, end: number): readonly [from: number, to: number] | null {
    const { arenas } = this;
    for (let row = 0; row < arenas.rows; row++) {
      if (arenas.owner[row] !== this.owner || arenas.start[row]! >= end || arenas.end[row]! <= start) continue;
      return [Math.max(start, arenas.start[row]!), Math.min(end, arenas.end[row]!)];
    }
    return null;
  }

  /** Blocks that have bytes in [start, end) and may cover it whole, the oldest first. */
  largeIn(start: number, end: number): number[] {
    const { table } = this;
    const found = [...this.large].filter(
      (row) => table.address[row]! < end && table.address[row]! + table.usable[row]! > start,
    );
    return found.sort((a, b) => table.serial[a]! - table.serial[b]!);
  }

  /** The block that has the address, or had it last; else the live one nearest to it within `reach` bytes. −1 for none. */
  near(address: number, reach: number): number {
    const { table } = this;
    let found = -1;
    let best = Infinity;
    for (const row of this.rows.values()) {
      const start = table.address[row]!;
      const distance = address < start ? start - address : Math.max(0, address - start - table.size[row]! + 1);
      if (distance > reach || (distance > 0 && table.live[row] === 0)) continue;
      if (distance > best || (distance === best && table.serial[row]! < table.serial[found]!)) continue;
      best = distance;
      found = row;
    }
    return found;
  }

  /** The blocks that are in use. */
  live(): number[] {
    return [...this.rows.values()].filter((row) => this.table.live[row] === 1);
  }
}

/** A forked process has its parent's blocks. */
export function copyBlocks(k: KernelState, parent: number, child: number): void {
  for (const table of [k.programs.shadow.blocks, k.programs.shadow.arenas]) copyRows(table, parent, child);
}

function copyRows(table: ShadowTables['blocks'] | ShadowTables['arenas'], parent: number, child: number): void {
  const last = table.rows;
  for (let row = 0; row < last; row++) {
    if (table.owner[row] !== parent) continue;
    const copy = allocRow(table);
    for (const name of Object.keys(table.spec)) {
      const column = (table as unknown as Record<string, Float64Array>)[name]!;
      column[copy] = column[row]!;
    }
    table.owner[copy] = child;
  }
}
