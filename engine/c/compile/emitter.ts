import { refuse, type Place } from '../source/place.ts';
import type { Global } from '../syntax/ast.ts';
import { OP, REGISTERS, type Operation } from '../cpu/isa.ts';
import type { Note } from './notes.ts';

/** A place in the text that jumps lead to. */
export interface Target {
  at: number;
}

/** Where an instruction stands in the source. */
export interface LineEntry {
  readonly offset: number;
  readonly place: Place;
}

/** Where a statement begins, or the part of a loop that runs anew: a place to stop at. */
export interface StopPoint {
  readonly offset: number;
  readonly place: Place;
}

/** Writes instructions, and remembers what has to be filled in once everything has its place. */
export class Emitter {
  private words: number[] = [];
  private readonly jumps: { readonly at: number; readonly target: Target }[] = [];
  readonly references: {
    readonly at: number;
    readonly global: Global;
    readonly addend: number;
    readonly place: Place;
  }[] = [];
  readonly lines: LineEntry[] = [];
  readonly stops: StopPoint[] = [];
  /** By offset of the instruction. */
  readonly notes = new Map<number, Note>();
  /** A test's: arrays of variable length stay on the stack until the function returns. */
  arraysPileUp = false;
  place: Place = { file: '', line: 1, col: 1 };

  get offset(): number {
    return this.words.length * 4;
  }

  emit(op: Operation, a = 0, b = 0, c = 0, imm = 0): void {
    if (a >= REGISTERS || b >= REGISTERS) refuse(this.place, 'this expression is too deep for the registers; split it');
    const last = this.lines.at(-1);
    if (last === undefined || last.place.line !== this.place.line || last.place.file !== this.place.file) {
      this.lines.push({ offset: this.offset, place: this.place });
    }
    this.words.push(OP[op] | (a << 8) | (b << 16) | (c << 24), imm | 0);
  }

  /** Says what the next instruction does. */
  note(note: Note): void {
    this.notes.set(this.offset, note);
  }

  /** a = a number of 64 bits */
  loadNumber(a: number, value: bigint): void {
    const signed = BigInt.asIntN(64, value);
    if (BigInt.asIntN(32, signed) === signed) {
      this.emit('LI', a, 0, 0, Number(signed));
      return;
    }
    this.emit('LI64', a);
    this.words.push(Number(BigInt.asIntN(32, signed)), Number(BigInt.asIntN(32, signed >> 32n)));
  }

  loadDouble(a: number, value: number): void {
    const bits = new BigInt64Array(new Float64Array([value]).buffer);
    this.loadNumber(a, bits[0]!);
  }

  /** An instruction whose imm is the distance of a global from the start of the text. */
  emitGlobal(op: Operation, a: number, b: number, global: Global, addend: number, c = 0): void {
    this.references.push({ at: this.offset, global, addend, place: this.place });
    this.emit(op, a, b, c, addend);
  }

  jump(op: Operation, target: Target, a = 0, b = 0, c = 0): void {
    this.jumps.push({ at: this.words.length + 1, target });
    this.emit(op, a, b, c);
  }

  /** A statement begins here. Of several at one place the last counts. */
  stop(place: Place): void {
    if (this.stops.at(-1)?.offset === this.offset) this.stops.pop();
    this.stops.push({ offset: this.offset, place });
  }

  here(target: Target): void {
    target.at = this.offset;
  }

  /** The text, jumps filled in; references to globals are the linker's. */
  finish(): Int32Array {
    for (const { at, target } of this.jumps) this.words[at] = target.at;
    return Int32Array.from(this.words);
  }

  /** Changes the imm of an instruction written before. */
  patch(offset: number, imm: number): void {
    this.words[offset / 4 + 1] = imm;
  }
}

export const newTarget = (): Target => ({ at: -1 });
