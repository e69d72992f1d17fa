import type { Operation } from '../cpu/isa.ts';
import { isWide, type CType, type FloatType, type IntType } from '../types/types.ts';
import type { Emitter } from './emitter.ts';

/** Changes the value in register d from one scalar type to another. */
export function convertRegister(out: Emitter, from: CType, to: CType, d: number): void {
  if (to.kind === 'float') {
    if (from.kind === 'float') {
      if (to.size < from.size) out.emit('FRND', d, d);
    } else intToFloat(out, from, to, d);
    return;
  }
  if (from.kind === 'float') {
    if (to.kind === 'int') floatToInt(out, to, d);
    return;
  }
  if (to.kind === 'int' && to.isBool === true) {
    if (from.kind !== 'int' || from.isBool !== true) out.emit(isWide(from) ? 'SNZ64' : 'SNZ32', d, d);
    return;
  }
  if (isWide(to)) {
    if (!isWide(from)) out.emit(from.kind === 'int' && from.signed ? 'SX64' : 'ZX64', d, d);
    return;
  }
  if (to.kind === 'int') narrow(out, from, to, d);
}

/** To a type of 8 or 16 bits, unless every value of the old type is one of the new. */
function narrow(out: Emitter, from: CType, to: IntType, d: number): void {
  if (to.size >= 4) return;
  const fits =
    from.kind === 'int' &&
    (from.size < to.size ? to.signed || !from.signed : from.size === to.size && from.signed === to.signed);
  if (!fits) out.emit(`${to.signed ? 'SX' : 'ZX'}${to.size * 8}` as Operation, d, d);
}

function intToFloat(out: Emitter, from: CType, to: FloatType, d: number): void {
  const signed = from.kind === 'int' && from.signed;
  if (isWide(from)) {
    out.emit(to.size === 4 ? (signed ? 'L2S' : 'UL2S') : signed ? 'L2F' : 'UL2F', d, d);
    return;
  }
  const small = from.kind === 'int' && from.size < 4;
  out.emit(signed || small ? 'I2F' : 'U2F', d, d);
  if (to.size === 4) out.emit('FRND', d, d);
}

function floatToInt(out: Emitter, to: IntType, d: number): void {
  if (to.isBool === true) {
    out.loadDouble(d + 1, 0);
    out.emit('FNE', d, d, d + 1);
  } else if (to.size === 8) out.emit(to.signed ? 'F2L' : 'F2UL', d, d);
  else if (to.size === 4) out.emit(to.signed ? 'F2I' : 'F2L', d, d);
  else {
    out.emit('F2I', d, d);
    out.emit(`${to.signed ? 'SX' : 'ZX'}${to.size * 8}` as Operation, d, d);
  }
}
