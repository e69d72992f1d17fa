import type { Cpu } from '../cpu/cpu.ts';
import { SP } from '../cpu/isa.ts';
import type { Allocator } from '../../malloc/index.ts';
import type { Symbol as ProgramSymbol } from '../compile/link.ts';
import { errorNumber } from './errors.ts';
import type { System } from './system.ts';

/** The call has to wait: it is made again when whatever it waits for may have happened. */
export const BLOCKED = Symbol('blocked');
/** The call has put the program counter where it has to be. */
export const JUMPED = Symbol('jumped');

/** What a function of the library gives back: an int or an address, all 64 bits, a double, or nothing. */
export type Returned = number | bigint | { readonly double: number } | undefined | typeof BLOCKED | typeof JUMPED;
export type LibraryFunction = ((call: Call) => Returned) | ((call: Call) => void);

/** The process that calls, as the library sees it. */
export interface Caller {
  readonly cpu: Cpu;
  readonly system: System;
  readonly symbols: ReadonlyMap<string, ProgramSymbol>;
  /** malloc and its family. What the allocator ends in (abort, signal) is thrown as a Fault or an Abort. */
  heap<T>(use: (allocator: Allocator) => T): T;
}

/** One call of a library function: its arguments lie above the return address, eight bytes each. */
export class Call {
  readonly cpu: Cpu;
  readonly system: System;

  constructor(readonly caller: Caller) {
    this.cpu = caller.cpu;
    this.system = caller.system;
  }

  /** Address of the n-th argument. */
  slot(n: number): number {
    return this.cpu.number(SP) + 8 + 8 * n;
  }
  int(n: number): number {
    return this.cpu.loadAt(this.slot(n), 4);
  }
  /** A long, an address or a size as a signed number, exact below 2^53. */
  long(n: number): number {
    return this.word(this.slot(n));
  }
  /** size_t; what is above 2^53 is only near. */
  size(n: number): number {
    const value = this.long(n);
    return value < 0 ? value + 2 ** 64 : value;
  }
  big(n: number): bigint {
    return this.bigAt(this.slot(n));
  }
  double(n: number): number {
    return this.doubleAt(this.slot(n));
  }

  word(address: number): number {
    return this.cpu.loadAt(address + 4, 4) * 2 ** 32 + (this.cpu.loadAt(address, 4) >>> 0);
  }
  bigAt(address: number): bigint {
    return (BigInt(this.cpu.loadAt(address + 4, 4)) << 32n) | BigInt(this.cpu.loadAt(address, 4) >>> 0);
  }
  doubleAt(address: number): number {
    return new Float64Array(new BigInt64Array([this.bigAt(address)]).buffer)[0]!;
  }
  setWord(address: number, value: number): void {
    this.cpu.store64(Math.floor(address / 2 ** 32), address | 0, value | 0, Math.floor(value / 2 ** 32) | 0);
  }

  setBig(address: number, value: bigint): void {
    this.cpu.store64(
      Math.floor(address / 2 ** 32),
      address | 0,
      Number(BigInt.asIntN(32, value)),
      Number(BigInt.asIntN(32, value >> 32n)),
    );
  }
  setDouble(address: number, value: number): void {
    this.setBig(address, new BigInt64Array(new Float64Array([value]).buffer)[0]!);
  }
  setFloat(address: number, value: number): void {
    this.cpu.storeAt(address, 4, new Int32Array(new Float32Array([value]).buffer)[0]!);
  }

  /** Bytes of a string without the zero, at most so many. */
  string(address: number, limit = Infinity): Uint8Array {
    const bytes: number[] = [];
    while (bytes.length < limit) {
      const at = this.cpu.at(address + bytes.length, false);
      const end = Math.min(4096 - (at % 4096), limit - bytes.length) + at;
      for (let i = at; i < end; i++) {
        const byte = this.cpu.bytes[i]!;
        if (byte === 0) {
          this.cpu.tap?.read(address, bytes.length + 1);
          return Uint8Array.from(bytes);
        }
        bytes.push(byte);
      }
    }
    this.cpu.tap?.read(address, bytes.length);
    return Uint8Array.from(bytes);
  }

  text(address: number): string {
    return new TextDecoder().decode(this.string(address));
  }

  setErrno(number: number): void {
    this.cpu.storeAt(this.symbol('errno'), 4, number);
  }
  get errno(): number {
    return this.cpu.loadAt(this.symbol('errno'), 4);
  }
  /** −1 with errno. */
  fail(name: string): number {
    this.setErrno(errorNumber(name));
    return -1;
  }
  /** What a system call gave: a negative number is an error. */
  result(value: number): number {
    if (value >= 0) return value;
    this.setErrno(-value);
    return -1;
  }

  symbol(name: string): number {
    return this.caller.symbols.get(name)!.address;
  }
}
