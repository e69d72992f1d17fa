import { GP, type Operation } from '../cpu/isa.ts';
import type { AccessNote } from './notes.ts';
import { type CType, type Member } from '../types/types.ts';
import type { Emitter } from './emitter.ts';
import type { Where } from './expressions.ts';

/** @param note what of the source it is; null for what only the compiler wants */
export function loadFrom(out: Emitter, type: CType, d: number, where: Where, note: AccessNote | null): void {
  access(out, loadOp(type), d, where, note);
}

export function storeTo(out: Emitter, type: CType, source: number, where: Where, note: AccessNote): void {
  access(out, storeOp(type), source, where, note);
}

function access(out: Emitter, op: Operation, register: number, where: Where, note: AccessNote | null): void {
  if (note !== null) out.note(note);
  if ('global' in where) out.emitGlobal(op, register, GP, where.global, where.offset);
  else out.emit(op, register, where.base, 0, where.offset);
}

function loadOp(type: CType): Operation {
  if (type.kind === 'float') return type.size === 4 ? 'LDF32' : 'LD64';
  if (type.kind !== 'int' || type.size === 8) return 'LD64';
  if (type.size === 4) return 'LD32';
  return `LD${type.size * 8}${type.signed ? 'S' : 'U'}` as Operation;
}

function storeOp(type: CType): Operation {
  if (type.kind === 'float') return type.size === 4 ? 'STF32' : 'ST64';
  return `ST${type.kind === 'int' ? type.size * 8 : 64}` as Operation;
}

type Place = { readonly base: number; readonly offset: number };
const UNSIGNED_LOAD = { 1: 'LD8U', 2: 'LD16U', 4: 'LD32', 8: 'LD64' } as const;
const STORE = { 1: 'ST8', 2: 'ST16', 4: 'ST32', 8: 'ST64' } as const;

/** A bit-field: shifted to the top of the register and down again. */
export function loadBits(out: Emitter, member: Member, type: CType, d: number, where: Place, note: AccessNote): void {
  const { shift, width, unit } = member.bits!;
  out.note(note);
  out.emit(UNSIGNED_LOAD[unit], d, where.base, 0, where.offset);
  out.emit('SHLI64', d, d, 0, 64 - shift - width);
  out.emit(type.kind === 'int' && type.signed ? 'SHRSI64' : 'SHRUI64', d, d, 0, 64 - width);
}

/**
 * Puts the low bits of `source` into a bit-field and leaves the other bits of its unit as they are.
 * @param free a register to use, and the one behind it
 * @param wanted `source` becomes the value of the assignment: what the bit-field now holds
 */
export function storeBits(
  out: Emitter,
  member: Member,
  type: CType,
  source: number,
  where: Place,
  free: number,
  wanted: boolean,
  note: AccessNote,
): void {
  const { shift, width, unit } = member.bits!;
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
  out.emit(UNSIGNED_LOAD[unit], free, where.base, 0, where.offset);
  out.loadNumber(free + 1, ~mask);
  out.emit('AND64', free, free, free + 1);
  out.emit('SHLI64', free + 1, source, 0, 64 - width);
  out.emit('SHRUI64', free + 1, free + 1, 0, 64 - width - shift);
  out.emit('OR64', free, free, free + 1);
  out.note(note);
  out.emit(STORE[unit], free, where.base, 0, where.offset);
  if (!wanted) return;
  out.emit('SHLI64', source, source, 0, 64 - width);
  out.emit(type.kind === 'int' && type.signed ? 'SHRSI64' : 'SHRUI64', source, source, 0, 64 - width);
}
