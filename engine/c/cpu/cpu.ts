import { execute } from './execute.ts';
import { FP, GP, REGISTERS, SP, TEXT_START } from './isa.ts';
import { CODES, Fault, FETCH, READ, SIGNALS, WRITE, type MemoryTap, type Pager } from './machine.ts';
import { bigOf, setBig, setNumber } from './wide.ts';

const TWO32 = 4294967296;
const PAGE = 4096;
/** Entries of the translation cache, of four numbers each: low half of the address, high half, offset, unused. */
const CACHE_ENTRIES = 256;
/** No address has it as its upper half. */
const NOWHERE = 0x7fffffff;

/**
 * A processor. Its registers and the program counter are all that a program has outside of memory. Translations of pages
 * are kept until `flush`, which everybody calls who changes a page table: as on a real processor, an access through a
 * kept translation changes no accessed or dirty bit any more.
 */
export class Cpu {
  readonly registers = new Int32Array(REGISTERS * 2);
  readonly doubles = new Float64Array(this.registers.buffer);
  readonly readCache = new Int32Array(CACHE_ENTRIES * 4);
  readonly writeCache = new Int32Array(CACHE_ENTRIES * 4);
  readonly textStart = TEXT_START;
  /** Bytes from the start of the text. */
  pc = 0;
  /** Instructions until `run` returns. */
  left = 0;
  codePage = -1;
  codeOffset = 0;
  bytes: Uint8Array<ArrayBuffer>;
  words: Int32Array<ArrayBuffer>;
  /** A call of the library's function of that number; `pc` is at it and may be changed. */
  library: (number: number) => void = () => {};
  /**
   * Asked before each instruction whether to stop ahead of it, while somebody steps through the program. The page of the
   * code then never counts as entered, so that a processor that nobody watches asks nothing.
   */
  watch: ((pc: number) => boolean) | null = null;
  /** Set while the library works for a program that is checked. */
  tap: MemoryTap | null = null;
  /** Accesses that are not aligned end in SIGBUS. Source: EFLAGS.AC, #AC; Linux 6.18 arch/x86/kernel/traps.c exc_alignment_check. */
  trapsMisaligned = false;
  private watchedPage = -1;
  /** Where a watched program stands: bytes from the start of the text. */
  standsAt = 0;

  constructor(private readonly pager: Pager) {
    this.bytes = pager.bytes;
    this.words = new Int32Array(pager.bytes.buffer);
    this.flush();
    setNumber(this.registers, GP * 2, TEXT_START);
  }

  /** Runs up to so many instructions. @returns how many ran @throws Fault with `pc` at the instruction that caused it */
  run(instructions: number): number {
    this.left = instructions;
    execute(this);
    return instructions - this.left;
  }

  /** Forgets all translations. */
  flush(): void {
    for (let i = 1; i < CACHE_ENTRIES * 4; i += 4) {
      this.readCache[i] = NOWHERE;
      this.writeCache[i] = NOWHERE;
    }
    this.codePage = -1;
    this.watchedPage = -1;
    this.renew();
  }

  /** The memory behind may have moved to another buffer. */
  renew(): void {
    if (this.bytes.buffer === this.pager.bytes.buffer) return;
    this.bytes = this.pager.bytes;
    this.words = new Int32Array(this.bytes.buffer);
  }

  // ——— registers ———

  number(register: number): number {
    return this.registers[register * 2 + 1]! * TWO32 + (this.registers[register * 2]! >>> 0);
  }
  setNumber(register: number, value: number): void {
    setNumber(this.registers, register * 2, value);
  }
  setBig(register: number, value: bigint): void {
    setBig(this.registers, register * 2, value);
  }
  big(register: number): bigint {
    return bigOf(this.registers, register * 2);
  }

  // ——— memory ———

  /** Where in `bytes` an address is, after a fault if it takes one. */
  at(address: number, write: boolean): number {
    const hi = Math.floor(address / TWO32);
    const lo = address | 0;
    const t = (lo >>> 10) & 0x3fc;
    const cache = write ? this.writeCache : this.readCache;
    if (cache[t] === (lo & -PAGE) && cache[t + 1] === hi) return cache[t + 2]! + (lo & (PAGE - 1));
    const offset = this.pager.page(address, write ? WRITE : READ);
    this.renew();
    // A fault may have flushed; the entry is written after it.
    cache[t] = lo & -PAGE;
    cache[t + 1] = hi;
    cache[t + 2] = offset;
    return offset + (lo & (PAGE - 1));
  }

  load(hi: number, lo: number, size: 1 | 2 | 4): number {
    if (this.trapsMisaligned && (lo & (size - 1)) !== 0) this.misaligned(hi, lo);
    return this.loadAt(hi * TWO32 + (lo >>> 0), size);
  }

  loadAt(address: number, size: 1 | 2 | 4): number {
    this.tap?.read(address, size);
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.bytes[this.at(address + i, false)]! << (i * 8);
    return value;
  }

  load64(hi: number, lo: number, index: number): void {
    if (this.trapsMisaligned && (lo & 7) !== 0) this.misaligned(hi, lo);
    const address = hi * TWO32 + (lo >>> 0);
    const low = this.loadAt(address, 4);
    this.registers[index + 1] = this.loadAt(address + 4, 4);
    this.registers[index] = low;
  }

  store(hi: number, lo: number, size: 1 | 2 | 4, value: number): void {
    if (this.trapsMisaligned && (lo & (size - 1)) !== 0) this.misaligned(hi, lo);
    this.storeAt(hi * TWO32 + (lo >>> 0), size, value);
  }

  storeAt(address: number, size: 1 | 2 | 4, value: number): void {
    this.tap?.write(address, size);
    // Both pages before the first byte, so that the store can be repeated.
    this.at(address, true);
    if (size > 1) this.at(address + size - 1, true);
    for (let i = 0; i < size; i++) this.bytes[this.at(address + i, true)] = value >> (i * 8);
  }

  store64(hi: number, lo: number, low: number, high: number): void {
    if (this.trapsMisaligned && (lo & 7) !== 0) this.misaligned(hi, lo);
    const address = hi * TWO32 + (lo >>> 0);
    this.at(address, true);
    this.at(address + 7, true);
    this.storeAt(address, 4, low);
    this.storeAt(address + 4, 4, high);
  }

  private misaligned(hi: number, lo: number): never {
    throw new Fault(SIGNALS.SIGBUS, CODES.BUS_ADRALN, hi * TWO32 + (lo >>> 0), 'misaligned');
  }

  /** memmove, as struct assignment may name the same place twice. */
  copy(to: number, from: number, length: number): void {
    const { tap } = this;
    tap?.copy(to, from, length);
    this.tap = null;
    try {
      this.write(to, this.read(from, length));
    } finally {
      this.tap = tap;
    }
  }

  read(from: number, length: number): Uint8Array {
    this.tap?.read(from, length);
    const result = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const at = this.at(from + done, false);
      const count = Math.min(length - done, PAGE - (at % PAGE));
      result.set(this.bytes.subarray(at, at + count), done);
      done += count;
    }
    return result;
  }

  write(to: number, source: Uint8Array): void {
    this.tap?.write(to, source.length);
    for (let done = 0; done < source.length;) {
      const at = this.at(to + done, true);
      const count = Math.min(source.length - done, PAGE - (at % PAGE));
      this.bytes.set(source.subarray(done, done + count), at);
      done += count;
    }
  }

  fill(to: number, byte: number, length: number): void {
    this.tap?.write(to, length);
    for (let done = 0; done < length;) {
      const at = this.at(to + done, true);
      const count = Math.min(length - done, PAGE - (at % PAGE));
      this.bytes.fill(byte, at, at + count);
      done += count;
    }
  }

  // ——— code and stack ———

  enterCodePage(pc: number): void {
    if (this.watchedPage === pc >> 12 && this.watch !== null && (pc & 7) === 0) return;
    if ((pc & 7) !== 0)
      throw new Fault(SIGNALS.SIGILL, CODES.ILL_ILLOPC, TEXT_START + pc, 'no instruction begins there');
    this.codeOffset = this.pager.page(TEXT_START + pc, FETCH);
    if (this.watch === null) this.codePage = pc >> 12;
    else this.watchedPage = pc >> 12;
    this.renew();
  }

  fetchWord(pc: number): number {
    this.enterCodePage(pc & ~4095);
    return this.words[(this.codeOffset + (pc & 4095)) >> 2]!;
  }

  /** The place in the text that an address names. @throws Fault where no program can be */
  codeAt(hi: number, lo: number): number {
    const offset = hi * TWO32 + (lo >>> 0) - TEXT_START;
    if (offset >= 0 && offset < 0x7fffffff && (offset & 7) === 0) return offset;
    const address = hi * TWO32 + (lo >>> 0);
    this.pager.page(address, FETCH);
    throw new Fault(SIGNALS.SIGILL, CODES.ILL_ILLOPC, address, 'no instruction begins there');
  }

  push(pc: number): void {
    const sp = this.number(SP) - 8;
    const address = TEXT_START + pc;
    this.store64(Math.floor(sp / TWO32), sp | 0, address | 0, Math.floor(address / TWO32));
    this.setNumber(SP, sp);
  }

  popReturn(): number {
    const sp = this.number(SP);
    const low = this.loadAt(sp, 4);
    const pc = this.codeAt(this.loadAt(sp + 4, 4), low);
    this.setNumber(SP, sp + 8);
    return pc;
  }

  enter(frame: number): void {
    const sp = this.number(SP) - 8;
    const { registers } = this;
    this.store64(Math.floor(sp / TWO32), sp | 0, registers[FP * 2]!, registers[FP * 2 + 1]!);
    this.setNumber(FP, sp);
    this.setNumber(SP, sp - frame);
  }

  leave(): void {
    const fp = this.number(FP);
    this.load64(Math.floor(fp / TWO32), fp | 0, FP * 2);
    this.setNumber(SP, fp + 8);
  }

  alloca(a: number, b: number): void {
    const size = Math.ceil((this.registers[b + 1]! * TWO32 + (this.registers[b]! >>> 0)) / 16) * 16;
    this.setNumber(SP, this.number(SP) - size);
    this.registers[a] = this.registers[SP * 2]!;
    this.registers[a + 1] = this.registers[SP * 2 + 1]!;
  }

  /** a = b + c × scale on indices of the register array. */
  index(a: number, b: number, c: number, scale: number): void {
    const { registers } = this;
    const high = registers[c + 1]!;
    if (high >= -32 && high < 32 && scale < 65536 && scale > -65536) {
      const sum = (registers[b]! >>> 0) + (high * TWO32 + (registers[c]! >>> 0)) * scale;
      const carry = Math.floor(sum / TWO32);
      registers[a + 1] = registers[b + 1]! + carry;
      registers[a] = (sum - carry * TWO32) | 0;
    } else setBig(registers, a, bigOf(registers, b) + bigOf(registers, c) * BigInt(scale));
  }
}
