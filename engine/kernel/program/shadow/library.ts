import { OP, paddingOf, sizeOf, SP, type CType, type MemoryTap } from '../../../c/index.ts';
import type { AccessChecks } from './access.ts';
import type { Checker } from './checker.ts';
import { found } from './findings.ts';
import { MOST_BYTES } from './kinds.ts';
import { reportLeaks } from './leaks.ts';
import { SHADOW } from './tables.ts';

/** Functions of the library whose ranges must not overlap, with the argument that says how long they are. */
const COPIES: Readonly<Record<string, number | 'string'>> = {
  memcpy: 2,
  mempcpy: 2,
  strcpy: 'string',
  stpcpy: 'string',
  strncpy: 2,
};

/** Functions that not everybody gives all arguments: bytes of all of them. */
const OPTIONAL: Readonly<Record<string, number>> = { mremap: 40, open: 24 };

/** Follows calls of the library, and what they read and write. */
export class LibraryChecks implements MemoryTap {
  /** Bytes of the call's arguments that were found wanting already. */
  private quiet = false;
  private argumentBytes = 0;
  private optionalBytes = 0;
  private wanted: { readonly address: number; readonly length: number } | null = null;

  constructor(
    private readonly checker: Checker,
    private readonly access: AccessChecks,
  ) {}

  /** The n-th argument, as whoever only looks sees it. */
  private argument(n: number): number {
    return this.checker.peek().load64(this.checker.run.cpu.number(SP) + 8 + 8 * n);
  }

  before(name: string): void {
    this.quiet = false;
    this.wanted = null;
    this.optionalBytes = OPTIONAL[name] ?? 0;
    this.argumentBytes = this.types().reduce((sum, type) => sum + Math.max(8, Math.ceil(sizeOf(type) / 8) * 8), 0);
    if (name in COPIES) this.checkOverlap(name);
    else if (name === 'memcmp') this.checkCompared();
    else if (name === '_exit') reportLeaks(this.checker);
    else if (name === 'munmap') this.wanted = { address: this.argument(0), length: this.argument(1) };
    else if (name === '__brk' || name === 'sbrk') this.wanted = { address: this.breakNow(), length: 0 };
  }

  /** Memory that came from the kernel itself is zero, whatever was known of the place. */
  after(name: string): void {
    const { cpu } = this.checker.run;
    const value = cpu.number(0);
    if ((name === 'mmap' || name === 'mremap') && value > 0) this.forget(value, this.argument(name === 'mmap' ? 1 : 2));
    else if (name === 'munmap' && value === 0) this.forget(this.wanted!.address, this.wanted!.length);
    else if (this.wanted !== null && (name === '__brk' || name === 'sbrk')) {
      const [low, high] = [this.wanted.address, this.breakNow()].sort((a, b) => a - b) as [number, number];
      this.forget(low, high - low);
    }
    const { task } = this.checker.process;
    const { undefined: masks } = this.checker.k.programs.shadow.tasks;
    // A handler that returns brings all registers back.
    masks.fill(0, task * 64, task * 64 + (name === '__restore' ? 64 : 1));
  }

  private breakNow(): number {
    const { k, process } = this.checker;
    return k.mms.brk[k.tasks.mm[process.task]!]!;
  }

  private forget(address: number, length: number): void {
    const { blocks, pages } = this.checker.process;
    if (!(length > 0)) return;
    blocks.forget(address, address + length);
    pages.drop(address, Math.min(length, MOST_BYTES));
    pages.forgetStrangers();
  }

  // ——— what the library's own accesses mean ———

  read(address: number, length: number): void {
    if (this.checker.taint.isOn) this.checker.taint.reads(address, length);
    if (this.quiet || length === 0) return;
    if (this.isUnpassed(address)) return;
    if (this.isArgument(address)) {
      // An int leaves the upper half of its place as it was.
      if ((address - this.checker.run.cpu.number(SP)) % 8 === 0) this.defined(address, 1);
      return;
    }
    if (this.access.reachable(address, length, false)) this.defined(address, length);
  }

  write(address: number, length: number): void {
    if (length === 0) return;
    if (this.checker.taint.isOn) this.checker.taint.writes(address, length);
    if (!this.isArgument(address)) this.access.reachable(address, length, true);
    this.access.stored(address, length);
  }

  copy(to: number, from: number, length: number): void {
    if (length === 0) return;
    if (this.checker.taint.isOn) this.checker.taint.copies(to, from, length);
    this.access.reachable(from, length, false);
    this.access.reachable(to, length, true);
    this.access.copied(to, from, length);
  }

  private isArgument(address: number): boolean {
    const sp = this.checker.run.cpu.number(SP);
    return address >= sp && address < sp + 8 + this.argumentBytes;
  }

  /** A function may look where an argument would be that not everybody passes: mremap's fifth. */
  private isUnpassed(address: number): boolean {
    const behind = address - this.checker.run.cpu.number(SP) - 8 - this.argumentBytes;
    return behind >= 0 && behind < this.optionalBytes - this.argumentBytes;
  }

  private defined(address: number, length: number): void {
    const first = this.access.firstOf(address, length, SHADOW.UNDEFINED);
    if (first >= 0 && !this.isUpperHalf(address, length)) this.access.uninitialised(first, 1);
  }

  /** Of an int among arguments that a list of them leads to. */
  private isUpperHalf(address: number, length: number): boolean {
    const onStack = this.checker.process.segmentOf(address) === 'stack';
    return length === 4 && address % 8 === 4 && onStack && this.checker.variableAt(address) === null;
  }

  // ——— single functions ———

  private checkOverlap(name: string): void {
    const [to, from] = [this.argument(0), this.argument(1)];
    const how = COPIES[name]!;
    const length = how === 'string' ? this.textLength(from) + 1 : this.argument(how);
    if (length <= 0 || to === from || to >= from + length || from >= to + length) return;
    this.checker.report(found('overlap', to, length, { more: Math.abs(to - from), stores: true }));
  }

  private textLength(address: number): number {
    const memory = this.checker.peek();
    let length = 0;
    while (length < 65_536 && memory.load8(address + length) !== 0) length++;
    return length;
  }

  /** memcmp looks at every byte, also at those between members. */
  private checkCompared(): void {
    const length = Math.min(this.argument(2), MOST_BYTES);
    const types = this.types();
    this.quiet = true;
    for (const n of [0, 1]) {
      const address = this.argument(n);
      if (length <= 0 || !this.access.reachable(address, length, false)) continue;
      const first = this.access.firstOf(address, length, SHADOW.UNDEFINED);
      if (first < 0) continue;
      const type = types[n];
      const to =
        type?.kind === 'pointer' || type?.kind === 'array' ? (type.kind === 'pointer' ? type.to : type.of) : null;
      const padding = to === null ? null : paddingOf(to);
      const between = padding !== null && padding.length > 0 && padding[(first - address) % padding.length] === 1;
      this.access.uninitialised(first, 1, between ? 'padding' : 'uninitialised');
      return;
    }
  }

  /** Types of the call's arguments as the source has them. */
  private types(): readonly CType[] {
    const { process, run } = this.checker;
    const back = this.checker.peek().load64(run.cpu.number(SP)) - process.image.textStart;
    const call = process.notes.notes[(back >> 3) - 1];
    return call?.kind === 'call' && (process.notes.words[((back >> 3) - 1) * 2]! & 255) !== OP.LIBRARY ? call.args : [];
  }
}
