import { alignOf, sizeOf, type CType, type Member, type RecordDef } from './types.ts';

/** A member as it was written. */
export interface Field {
  readonly name: string | null;
  readonly type: CType;
  /** Of a bit-field; 0 only without a name. */
  readonly width: number | null;
  /** _Alignas or aligned(): at least so much, in bytes. */
  readonly align?: number;
}

const alignUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/**
 * Gives a record its members' places, its size and its alignment.
 * Source: System V ABI, AMD64 supplement 1.0, 3.1.2: a member at the next multiple of its alignment, the size a multiple
 * of the largest; a bit-field must not cross a boundary of its declared type; one without a name takes room but does not
 * align the record, and one of width 0 ends the unit.
 */
export function layOut(def: RecordDef, fields: readonly Field[], packed: boolean, minAlign = 1): void {
  const members: Member[] = [];
  let bit = 0; // where the next member of a struct may begin
  let endBits = 0;
  let align = minAlign;
  for (const field of fields) {
    if (def.isUnion) bit = 0;
    if (field.width === null) {
      const wanted = Math.max(packed ? 1 : alignOf(field.type), field.align ?? 1);
      const offset = alignUp(bit / 8, wanted);
      members.push({ name: field.name, type: field.type, offset: Math.ceil(offset), bits: null });
      bit = (Math.ceil(offset) + sizeOf(field.type)) * 8;
      align = Math.max(align, wanted);
    } else {
      const at = bitFieldStart(bit, field, packed);
      bit = at + field.width;
      if (field.name !== null) {
        members.push(bitField(field, at, packed));
        align = Math.max(align, packed ? 1 : alignOf(field.type), field.align ?? 1);
      }
    }
    endBits = Math.max(endBits, bit);
  }
  def.members = members;
  def.align = align;
  def.size = alignUp(Math.ceil(endBits / 8), align);
}

function bitFieldStart(bit: number, field: Field, packed: boolean): number {
  const unitBits = sizeOf(field.type) * 8;
  if (field.width === 0) return alignUp(bit, unitBits);
  if (field.align !== undefined) return alignUp(bit, field.align * 8);
  const crosses = (bit % unitBits) + field.width! > unitBits;
  return crosses && !packed ? alignUp(bit, unitBits) : bit;
}

/** The smallest aligned unit that holds all its bits; in a packed record one from the byte where they begin. */
function bitField(field: Field, at: number, packed: boolean): Member {
  const width = field.width!;
  const { name, type } = field;
  if (!packed) {
    for (const unit of [1, 2, 4, 8] as const) {
      const unitBits = unit * 8;
      const start = Math.floor(at / unitBits) * unitBits;
      if (at + width <= start + unitBits)
        return { name, type, offset: start / 8, bits: { shift: at - start, width, unit } };
    }
  }
  const shift = at % 8;
  const unit = ([1, 2, 4, 8] as const).find((bytes) => shift + width <= bytes * 8);
  if (unit === undefined) throw new RangeError('a packed bit-field that spans nine bytes');
  return { name, type, offset: Math.floor(at / 8), bits: { shift, width, unit } };
}
