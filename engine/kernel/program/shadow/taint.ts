import { OP, REGISTER_BYTES } from '../../../c/index.ts';
import type { MmId } from '../../../base/units.ts';
import { mmOf } from '../../../proc/task.ts';
import type { Checker } from './checker.ts';
import { hasMarks, marksOf, putMarks } from './marks.ts';
import type { ShadowTables } from './tables.ts';

/** Bytes of one process's registers. */
const STRIDE = 64 * REGISTER_BYTES;
/** Shorter runs than that are copied by the library only as what they are: a letter is in every text. */
const SHORTEST = 4;

/** Bytes that an operation keeps of the low end of b. */
const KEPT = new Map<number, number>([
  [OP.MOV, 8], [OP.SX8, 1], [OP.ZX8, 1], [OP.SX16, 2], [OP.ZX16, 2], [OP.SX64, 4], [OP.ZX64, 4],
]); // prettier-ignore

interface Waiting {
  readonly address: number;
  readonly marks: ArrayLike<number>;
}

/**
 * Follows marked bytes through registers and memory. What an instruction stores is marked once it has been stored, when
 * its page is where it will be.
 */
export class Taint {
  private waiting: Waiting | null = null;
  private sources: Uint16Array[] = [];
  private written: { readonly address: number; readonly length: number; readonly marks: Uint16Array | null }[] = [];

  constructor(private readonly checker: Checker) {}

  get isOn(): boolean {
    return hasMarks(this.checker.k);
  }
  private get tasks(): ShadowTables['tasks'] {
    return this.checker.k.programs.shadow.tasks;
  }
  private get mm(): MmId {
    return mmOf(this.checker.k, this.checker.process.task);
  }
  private at(register: number): number {
    return this.checker.process.task * STRIDE + register * REGISTER_BYTES;
  }

  /** The instruction before has ended. */
  settle(): void {
    if (this.waiting === null) return;
    putMarks(this.checker.k, this.mm, this.waiting.address, this.waiting.marks);
    this.waiting = null;
  }

  load(a: number, address: number, size: number): void {
    const to = this.at(a);
    this.tasks.marks.fill(0, to, to + REGISTER_BYTES);
    this.tasks.marks.set(marksOf(this.checker.k, this.mm, address, size), to);
  }

  store(a: number, address: number, size: number): void {
    const from = this.at(a);
    this.waiting = { address, marks: this.tasks.marks.slice(from, from + size) };
  }

  copy(to: number, from: number, length: number): void {
    this.waiting = { address: to, marks: marksOf(this.checker.k, this.mm, from, length) };
  }

  /** a is made of b, or of something else. */
  makes(op: number, a: number, b: number): void {
    const { marks } = this.tasks;
    const kept = KEPT.get(op) ?? 0;
    const [to, from] = [this.at(a), this.at(b)];
    marks.copyWithin(to, from, from + kept);
    marks.fill(0, to + kept, to + REGISTER_BYTES);
  }

  // ——— the library ———

  beginCall(): void {
    this.settle();
    this.sources = [];
    this.written = [];
  }
  reads(address: number, length: number): void {
    const marks = marksOf(this.checker.k, this.mm, address, length);
    if (marks.some((mark) => mark !== 0)) this.sources.push(marks);
  }
  writes(address: number, length: number): void {
    this.written.push({ address, length, marks: null });
  }
  copies(to: number, from: number, length: number): void {
    this.written.push({ address: to, length, marks: marksOf(this.checker.k, this.mm, from, length) });
  }

  /** What the library wrote is marked where it is what it read. */
  endCall(): void {
    for (const { address, length, marks } of this.written) {
      if (marks !== null) putMarks(this.checker.k, this.mm, address, marks);
      else if (this.sources.length > 0) putMarks(this.checker.k, this.mm, address, this.recognised(address, length));
    }
    this.beginCall();
    const result = this.at(0);
    this.tasks.marks.fill(0, result, result + REGISTER_BYTES);
  }

  private recognised(address: number, length: number): Uint16Array {
    const bytes = this.checker.peek().read(address, length);
    const marks = new Uint16Array(length);
    for (const source of this.sources) {
      const shortest = Math.min(SHORTEST, source.filter((mark) => mark !== 0).length);
      for (let i = 0; i < length; i++) i += this.match(bytes, marks, i, source, shortest);
    }
    return marks;
  }

  /** The longest run of the source that stands at a place. @returns bytes to go on by, but one */
  private match(bytes: Uint8Array, marks: Uint16Array, at: number, source: Uint16Array, shortest: number): number {
    const { byte } = this.checker.k.programs.secretBytes;
    let best = 0;
    let start = 0;
    for (let from = 0; from < source.length; from++) {
      let n = 0;
      while (source[from + n]! > 0 && at + n < bytes.length && byte[source[from + n]! - 1] === bytes[at + n]) n++;
      if (n > best) [best, start] = [n, from];
    }
    if (best === 0 || (best < shortest && !isCut(bytes, at + best, source, start))) return 0;
    marks.set(source.subarray(start, start + best), at);
    return best - 1;
  }

  /** The allocator has moved a block's bytes. */
  moved(to: number, marks: Uint16Array): void {
    putMarks(this.checker.k, this.mm, to, marks);
  }
  marksOf(address: number, length: number): Uint16Array {
    return marksOf(this.checker.k, this.mm, address, length);
  }
}

/** The start of what was read, up to the end of what was written: there was no room for more. */
function isCut(bytes: Uint8Array, end: number, source: Uint16Array, start: number): boolean {
  const ends = end === bytes.length || (end === bytes.length - 1 && bytes[end] === 0);
  return ends && (start === 0 || source[start - 1] === 0);
}
