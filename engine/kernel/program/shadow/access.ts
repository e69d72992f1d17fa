import { PAGE_SIZE } from '../../../base/units.ts';
import { SP, type AccessNote } from '../../../c/index.ts';
import type { Checker } from './checker.ts';
import { found, type Found } from './findings.ts';
import type { ShadowProcess } from './shadow-process.ts';
import { SHADOW } from './tables.ts';

/** Bytes beside a block that still count as beside it. */
const REACH = 65_536;
const WRONG = SHADOW.FREED | SHADOW.OUTSIDE | SHADOW.FRAME;

/** What a range of memory may be accessed for, by its shadow. */
export class AccessChecks {
  constructor(private readonly checker: Checker) {}

  private get process(): ShadowProcess {
    return this.checker.process;
  }

  /**
   * A load or store of an instruction.
   * @param note what of the source it is; null for the compiler's own
   * @param mask of a store: which of its bytes are undefined
   * @returns of a load: which of its bytes are undefined
   */
  instruction(
    address: number,
    size: number,
    stores: boolean,
    note: AccessNote | null,
    mask: number,
    writer: number,
  ): number {
    const { pages } = this.process;
    const page = Math.floor(address / PAGE_SIZE);
    const inPage = address - page * PAGE_SIZE;
    if (note !== null) this.checkNote(address, size, stores, note);
    if (inPage + size > PAGE_SIZE) return this.across(address, size, stores, note, mask, writer);
    const row = pages.rowOf(page);
    return row < 0 ? 0 : this.within(row * PAGE_SIZE + inPage, address, size, stores, note, mask, writer);
  }

  /** Byte by byte over the end of a page. */
  private across(
    address: number,
    size: number,
    stores: boolean,
    note: AccessNote | null,
    mask: number,
    writer: number,
  ): number {
    let missing = 0;
    this.process.pages.each(address, size, (at, count, from) => {
      const shift = from - address;
      const part = this.within(at, from, count, stores, note, (mask >> shift) & 0xff, writer);
      missing |= part << shift;
    });
    return missing;
  }

  private within(
    at: number,
    address: number,
    size: number,
    stores: boolean,
    note: AccessNote | null,
    mask: number,
    writer: number,
  ): number {
    const { state } = this.process.pages.pages;
    let flags = 0;
    let missing = 0;
    for (let i = 0; i < size; i++) {
      const byte = state[at + i]!;
      flags |= byte;
      if ((byte & SHADOW.UNDEFINED) !== 0) missing |= 1 << i;
    }
    const segment = this.process.segmentOf(address);
    const dead = segment === 'stack' && address < this.checker.run.cpu.number(SP);
    if (dead || (note !== null && (flags & WRONG) !== 0)) {
      this.wrong(address, size, stores, dead);
      return 0;
    }
    if (stores) {
      this.store(at, size, note, mask, writer, segment);
      return 0;
    }
    if (note === null) return missing;
    if (note.type !== 0 && !note.any) this.checkType(at, address, size, false, note);
    if (note.field !== null) return fieldMask(missing, note.field);
    if (missing === 0 || note.type === 0) return missing;
    this.uninitialised(address, size);
    return 0;
  }

  private store(
    at: number,
    size: number,
    note: AccessNote | null,
    mask: number,
    writer: number,
    segment: string,
  ): void {
    const { state, type, writer: writers } = this.process.pages.pages;
    const first = note?.field?.first ?? 0;
    const count = note?.field?.count ?? size;
    // What only the compiler stores may lie between variables.
    const kept = note === null && segment === 'stack' ? 0 : WRONG;
    // The other bits of a bit-field's unit may be undefined: its own are stored.
    const undefinedBytes = note?.field != null ? 0 : mask;
    for (let i = first; i < first + count; i++) state[at + i] = (state[at + i]! & kept) | ((undefinedBytes >> i) & 1);
    if (note !== null && note.type !== 0 && !note.any && segment !== 'other') {
      this.checkType(at, 0, size, true, note);
    }
    if (segment === 'other') type.fill(note === null || note.any ? 0 : note.type, at, at + size);
    for (let i = at >> 2; i < (at + size + 3) >> 2; i++) writers[i] = writer;
  }

  // ——— what is wrong ———

  private checkNote(address: number, size: number, stores: boolean, { outOf, any, type }: AccessNote): void {
    if (outOf !== null)
      this.checker.report(found('out-of-bounds', address, outOf.length, { cause: 'index', more: outOf.index, stores }));
    if (!any && type !== 0 && address % size !== 0)
      this.checker.report(found('misaligned', address, size, { stores, type }));
  }

  private checkType(at: number, address: number, size: number, stores: boolean, note: AccessNote): void {
    const { type, writer, page } = this.process.pages.pages;
    for (let i = at; i < at + size; i++) {
      const other = type[i]!;
      if (other === 0 || other === note.type) continue;
      const where = address || page[Math.floor(at / PAGE_SIZE)]! * PAGE_SIZE + (at % PAGE_SIZE);
      const causeLine = this.lineOf(writer[i >> 2]!);
      const cause = causeLine === 0 ? 'none' : 'wrote';
      this.checker.report(
        found('aliasing', where, size, { stores, type: note.type, otherType: other, cause, causeLine }),
      );
      return;
    }
  }

  /** The line of a writer as the pages keep it; 0 unknown. */
  private lineOf(writer: number): number {
    if (writer === 0) return 0;
    const { notes } = this.process.notes;
    return notes[writer - 1]?.place.line ?? 0;
  }

  uninitialised(address: number, size: number, kind: 'uninitialised' | 'padding' = 'uninitialised'): void {
    this.checker.report(found(kind, address, size, this.originOf(address)));
  }

  /** Who gave out the memory that nobody has written to. */
  private originOf(address: number): Partial<Found> {
    const { process } = this;
    const segment = process.segmentOf(address);
    if (segment === 'stack') return this.checker.localAt(address);
    if (segment === 'data') return {};
    const block = process.blocks.near(address, 0);
    if (block < 0) return {};
    const { table } = process.blocks;
    return { cause: 'allocated', causeLine: table.allocated[block]!, more: table.size[block]! };
  }

  /** An access to memory that is nobody's, or somebody else's. */
  private wrong(address: number, size: number, stores: boolean, dead: boolean): void {
    const { checker, process } = this;
    if (dead) {
      checker.report(found('dead-frame', address, size, { stores }));
      return;
    }
    const flags = this.worst(address, size);
    if ((flags & SHADOW.FRAME) !== 0) {
      checker.report(found('out-of-bounds', address, size, { cause: 'frame', stores }));
      return;
    }
    const first = this.firstWrong(address, size);
    const block = process.segmentOf(address) === 'other' ? process.blocks.near(first, REACH) : -1;
    const { table } = process.blocks;
    if ((flags & SHADOW.FREED) !== 0) {
      const at = block < 0 ? {} : { cause: 'freed' as const, causeLine: table.freed[block]!, more: table.size[block]! };
      checker.report(found('use-after-free', address, size, { ...at, stores }));
      return;
    }
    if (block < 0) {
      checker.report(found('out-of-bounds', address, size, { cause: 'between', stores }));
      return;
    }
    const end = table.address[block]! + table.size[block]!;
    const behind = first >= end;
    const rest = {
      causeLine: table.allocated[block]!,
      more: behind ? first - end : table.address[block]! - first,
      stores,
    };
    checker.report(found('out-of-bounds', address, size, { cause: behind ? 'behind-block' : 'before-block', ...rest }));
  }

  private worst(address: number, size: number): number {
    let flags = 0;
    for (let i = 0; i < size; i++) flags |= this.process.pages.stateAt(address + i);
    return flags;
  }

  private firstWrong(address: number, size: number): number {
    for (let i = 0; i < size; i++) if ((this.process.pages.stateAt(address + i) & WRONG) !== 0) return address + i;
    return address;
  }

  // ——— what the library and the kernel do ———

  /** Is every byte of a range somebody's? What is not is reported once. @returns whether it is */
  reachable(address: number, length: number, stores: boolean): boolean {
    const bad = this.firstOf(address, length, WRONG);
    const dead = this.process.segmentOf(address) === 'stack' && address < this.checker.run.cpu.number(SP);
    const followed = this.process.pages.rowOf(Math.floor(address / PAGE_SIZE)) >= 0;
    if (dead && followed) this.wrong(address, length, stores, true);
    else if (!this.fitsVariable(address, length, stores)) return false;
    else if (bad >= 0) this.wrong(bad, 1, stores, false);
    else return true;
    return false;
  }

  private fitsVariable(address: number, length: number, stores: boolean): boolean {
    const variable = length <= 8 ? null : this.checker.variableAt(address);
    if (variable === null || address + length <= variable.address + variable.size) return true;
    const over = address + length - variable.address - variable.size;
    const causeLine = variable.line;
    this.checker.report(
      found('out-of-bounds', address, variable.size, { cause: 'variable', causeLine, more: over, stores }),
    );
    return false;
  }

  /** The first byte of a range that has one of the flags, −1 for none. */
  firstOf(address: number, length: number, flags: number): number {
    let first = -1;
    this.process.pages.each(address, length, (at, count, from) => {
      const { state } = this.process.pages.pages;
      for (let i = 0; first < 0 && i < count; i++) if ((state[at + i]! & flags) !== 0) first = from + i;
    });
    return first;
  }

  /** Somebody has stored there: it is defined, and on the heap of no type yet. */
  stored(address: number, length: number): void {
    const { pages } = this.process;
    const typed = this.process.segmentOf(address) !== 'other';
    pages.each(address, length, (at, count) => {
      const { state, type, writer } = pages.pages;
      for (let i = at; i < at + count; i++) state[i]! &= ~SHADOW.UNDEFINED;
      if (!typed) type.fill(0, at, at + count);
      writer.fill(0, at >> 2, (at + count + 3) >> 2);
    });
  }

  /** Bytes go along with what is known of them. */
  copied(to: number, from: number, length: number): void {
    this.process.pages.copy(to, from, length, this.process.segmentOf(to) === 'other');
  }
}

/** Of a bit-field that lies in bytes nobody stored: all of it. */
const fieldMask = (missing: number, { first, count }: NonNullable<AccessNote['field']>): number =>
  ((missing >> first) & ((1 << count) - 1)) === 0 ? 0 : 0xff;
