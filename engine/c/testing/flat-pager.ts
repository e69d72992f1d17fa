import { CODES, Fault, SIGNALS, type AccessKind, type Pager, WRITE } from '../cpu/machine.ts';
import { SP, TEXT_START } from '../cpu/isa.ts';
import { Cpu } from '../cpu/cpu.ts';
import type { Image } from '../compile/link.ts';

const PAGE = 4096;
const STACK_END = 0x7ffffffff000;
const STACK_BYTES = 1 << 20;

/** A program in memory with nothing behind it, for tests of the compiler and the processor alone. */
export class FlatPager implements Pager {
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly imageBytes: number;

  constructor(private readonly image: Image) {
    this.imageBytes = image.end - TEXT_START;
    this.bytes = new Uint8Array(this.imageBytes + STACK_BYTES);
    this.bytes.set(image.text, 0);
    this.bytes.set(image.rodata, image.rodataStart - TEXT_START);
    this.bytes.set(image.data, image.dataStart - TEXT_START);
  }

  page(exact: number, kind: AccessKind): number {
    const address = Math.floor(exact / PAGE) * PAGE;
    const offset = address - TEXT_START;
    if (offset >= 0 && offset < this.imageBytes) {
      if (kind === WRITE && address < this.image.dataStart)
        throw new Fault(SIGNALS.SIGSEGV, CODES.SEGV_ACCERR, address, 'permission');
      return offset;
    }
    const inStack = address - (STACK_END - STACK_BYTES);
    if (inStack >= 0 && inStack < STACK_BYTES) return this.imageBytes + inStack;
    throw new Fault(SIGNALS.SIGSEGV, CODES.SEGV_MAPERR, address, 'no memory');
  }
}

/** A processor that stands before `main`; when main returns it reaches address `TEXT_START + exit`. */
export function startAt(image: Image, name: string, exit: number): Cpu {
  const cpu = new Cpu(new FlatPager(image));
  cpu.setNumber(SP, STACK_END - 64);
  cpu.push(exit);
  cpu.pc = image.symbols.get(name)!.address - TEXT_START;
  return cpu;
}
