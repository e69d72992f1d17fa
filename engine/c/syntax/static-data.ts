import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { Expr, Global, StaticData } from './ast.ts';
import type { Init } from './initializers.ts';

export interface StaticAddress {
  readonly target: Global | null;
  readonly addend: number;
}

/** An address known when the program is linked: a global and a distance. C17 6.6.9. */
export function staticAddress(e: Expr): StaticAddress | null {
  switch (e.kind) {
    case 'int':
      return { target: null, addend: Number(BigInt.asIntN(64, e.value)) };
    case 'address':
      return placeOf(e.of);
    case 'cast':
      return T.isWide(e.type) ? staticAddress(e.operand) : null;
    case 'pointer-add': {
      const base = staticAddress(e.pointer);
      if (base === null || e.count.kind !== 'int' || typeof e.scale !== 'number') return null;
      const distance = Number(e.count.value) * e.scale;
      return { ...base, addend: base.addend + (e.negative ? -distance : distance) };
    }
    case 'binary': {
      if (e.op !== '+' && e.op !== '-') return null;
      const left = staticAddress(e.left);
      const right = staticAddress(e.right);
      if (left === null || right === null || right.target !== null) return null;
      return { ...left, addend: left.addend + (e.op === '+' ? right.addend : -right.addend) };
    }
    default:
      return null;
  }
}

function placeOf(e: Expr): StaticAddress | null {
  if (e.kind === 'var') return e.variable.kind === 'global' ? { target: e.variable, addend: 0 } : null;
  if (e.kind === 'deref') return staticAddress(e.pointer);
  if (e.kind === 'statements' && e.value !== null && e.body.length === 0) return placeOf(e.value);
  if (e.kind !== 'member') return null;
  const record = placeOf(e.record);
  return record === null ? null : { ...record, addend: record.addend + e.member.offset };
}

/** The bytes of a variable with static storage. @throws Refusal where a value is not constant */
export function staticData(init: Init): StaticData {
  const bytes = new Uint8Array(staticSize(init));
  const relocations: { offset: number; target: Global; addend: number }[] = [];
  const view = new DataView(bytes.buffer);
  const visit = (part: Init, offset: number, bits: T.Member['bits']): void => {
    const { type, value } = part;
    if (value !== null) {
      put(view, relocations, offset, type, value, bits, part.place);
      return;
    }
    for (const [index, inner] of part.parts) {
      if (type.kind === 'array') visit(inner, offset + index * T.sizeOf(type.of), null);
      else {
        const member = (type as T.RecordType).def.members![index]!;
        visit(inner, offset + member.offset, member.bits);
      }
    }
  };
  visit(init, 0, null);
  return { bytes, relocations };
}

/** A flexible array member adds what its initialiser gives it (GNU). */
function staticSize(init: Init): number {
  const { type } = init;
  if (type.kind !== 'record') return T.sizeOf(type);
  let end = type.def.size;
  for (const [index, inner] of init.parts) end = Math.max(end, type.def.members![index]!.offset + T.sizeOf(inner.type));
  return end;
}

function put(
  view: DataView,
  relocations: { offset: number; target: Global; addend: number }[],
  offset: number,
  type: T.CType,
  value: Expr,
  bits: T.Member['bits'],
  place: Place,
): void {
  if (value.kind === 'int') {
    if (bits !== null) putBits(view, offset, bits, value.value);
    else putInt(view, offset, T.sizeOf(type), value.value);
  } else if (value.kind === 'float') {
    if (T.sizeOf(type) === 4) view.setFloat32(offset, value.value, true);
    else view.setFloat64(offset, value.value, true);
  } else if (type.kind === 'array' || type.kind === 'record') copyConstant(view, relocations, offset, value, place);
  else {
    const address = T.sizeOf(type) === 8 ? staticAddress(value) : null;
    if (address === null)
      return refuse(value.place, 'a variable outside of functions, or a static one, needs a constant here');
    if (address.target === null) putInt(view, offset, 8, BigInt(address.addend));
    else relocations.push({ offset, target: address.target, addend: address.addend });
  }
}

/** A compound literal as the value of a whole record. */
function copyConstant(
  view: DataView,
  relocations: { offset: number; target: Global; addend: number }[],
  offset: number,
  value: Expr,
  place: Place,
): void {
  const address = placeOf(value);
  const data = address?.target?.init;
  if (address === null || data == null || address.addend !== 0) return refuse(place, 'the initialiser is not constant');
  new Uint8Array(view.buffer).set(data.bytes, offset);
  for (const relocation of data.relocations) relocations.push({ ...relocation, offset: relocation.offset + offset });
}

function putInt(view: DataView, offset: number, size: number, value: bigint): void {
  for (let i = 0; i < size; i++) view.setUint8(offset + i, Number((value >> BigInt(i * 8)) & 0xffn));
}

function putBits(view: DataView, offset: number, bits: NonNullable<T.Member['bits']>, value: bigint): void {
  const mask = (1n << BigInt(bits.width)) - 1n;
  let unit = 0n;
  for (let i = 0; i < bits.unit; i++) unit |= BigInt(view.getUint8(offset + i)) << BigInt(i * 8);
  const shift = BigInt(bits.shift);
  putInt(view, offset, bits.unit, (unit & ~(mask << shift)) | ((value & mask) << shift));
}
