/**
 * The rules by which expressions get their types and conversions: C17 6.3 and 6.5. Every function makes nodes whose
 * conversions are explicit; constants are folded on the way. Where gcc only warns (pointers of other types, integers
 * as pointers), so does nobody here.
 */
import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { BinaryOp, CompareOp, Expr, IntConst, Update } from './ast.ts';
import { hasEffects } from './effects.ts';
import { floatToInt, foldCompare, foldFloat, foldInt, wrap } from './fold.ts';

export const intConst = (value: bigint | number, type: T.IntType, place: Place): IntConst => ({
  kind: 'int',
  type,
  place,
  value: wrap(BigInt(value), type),
});

/** Can the expression stand left of an assignment, or behind &? */
export function isLvalue(e: Expr): boolean {
  if (e.kind === 'var') return e.type.kind !== 'function';
  if (e.kind === 'member') return isLvalue(e.record);
  if (e.kind === 'statements') return e.value !== null && isLvalue(e.value);
  return e.kind === 'deref';
}

export function addressOf(e: Expr, place: Place): Expr {
  if (e.kind === 'deref') return { ...rvalue(e.pointer), type: T.pointerTo(e.type) } as Expr;
  if (e.kind === 'member' && e.member.bits !== null) refuse(place, 'a bit-field has no address');
  markTaken(e);
  return { kind: 'address', type: T.pointerTo(e.type), place, of: e };
}

/** Somebody else may change the variable from here on. */
function markTaken(e: Expr): void {
  if (e.kind === 'member') markTaken(e.record);
  else if (e.kind === 'var' && e.variable.kind === 'local') e.variable.addressTaken = true;
}

/** The value of an expression: arrays and functions become pointers. C17 6.3.2.1 */
export function rvalue(e: Expr): Expr {
  if (e.type.kind === 'array') {
    const pointer = T.pointerTo(e.type.of);
    if (e.kind === 'deref') return { kind: 'cast', type: pointer, place: e.place, operand: e.pointer };
    if (e.kind === 'statements' && e.value !== null) return { ...e, value: rvalue(e.value), type: pointer };
    markTaken(e);
    return { kind: 'address', type: pointer, place: e.place, of: e };
  }
  if (e.type.kind === 'function') {
    const pointer = T.pointerTo(e.type);
    if (e.kind === 'deref') return { ...e.pointer, type: pointer } as Expr;
    return { kind: 'address', type: pointer, place: e.place, of: e };
  }
  return e;
}

/** Converts to a type without asking whether that is allowed. */
export function convert(e: Expr, to: T.CType, place = e.place): Expr {
  const value = rvalue(e);
  const type = T.unqualified(to);
  if (value.kind === 'int') {
    if (type.kind === 'int' || type.kind === 'pointer')
      return { kind: 'int', type, place: value.place, value: wrap(value.value, type) };
    if (type.kind === 'float')
      return { kind: 'float', type, place: value.place, value: rounded(intToFloat(value.value, type), type) };
  }
  if (value.kind === 'float') {
    if (type.kind === 'float') return { ...value, type, value: rounded(value.value, type) };
    if (type.kind === 'int') return intConst(floatToInt(value.value, type), type, value.place);
  }
  if (T.sameType(value.type, type) && value.type.kind !== 'pointer') return value;
  return { kind: 'cast', type, place, operand: value };
}

const rounded = (value: number, type: T.FloatType): number => (type.size === 4 ? Math.fround(value) : value);

/** Once rounded, not twice: a long does not go through a double to become a float. */
export function intToFloat(value: bigint, type: T.FloatType): number {
  if (type.size === 8) return Number(value);
  const size = value < 0n ? -value : value;
  const extra = size.toString(2).length - 53;
  if (extra <= 0) return Math.fround(Number(value));
  const lost = (size & ((1n << BigInt(extra)) - 1n)) !== 0n;
  const sticky = ((size >> BigInt(extra)) | (lost ? 1n : 0n)) << BigInt(extra);
  return Math.fround(Number(value < 0n ? -sticky : sticky));
}

/** Bits of a bit-field, also at the end of a comma; null for anything else. Source: gcc c-typeck.c build_compound_expr. */
function widthOf(e: Expr): number | null {
  if (e.kind === 'comma') return widthOf(e.right);
  return e.kind === 'member' && e.member.bits !== null ? e.member.bits.width : null;
}

/** The type an integer of less than int becomes: C17 6.3.1.1. A bit-field counts by its width. */
export function promotedType(e: Expr): T.CType {
  const type = T.unqualified(e.type);
  if (type.kind !== 'int') return type;
  const width = widthOf(e);
  if (width !== null) {
    if (width < 32 || (width === 32 && type.signed)) return T.INT;
    if (width === 32) return T.UINT;
  }
  return type.rank < T.INT.rank ? T.INT : type;
}

export const promote = (e: Expr): Expr => convert(rvalue(e), promotedType(rvalue(e)));

/** The common type of two arithmetic operands: C17 6.3.1.8. */
export function commonType(a: Expr, b: Expr): T.IntType | T.FloatType {
  const left = promotedType(a) as T.IntType | T.FloatType;
  const right = promotedType(b) as T.IntType | T.FloatType;
  if (left.kind === 'float' || right.kind === 'float') {
    const isDouble = (t: T.CType): boolean => t.kind === 'float' && t.size === 8;
    return isDouble(left) || isDouble(right) ? T.DOUBLE : T.FLOAT;
  }
  if (left.signed === right.signed) return left.rank >= right.rank ? left : right;
  const [unsigned, signed] = left.signed ? [right, left] : [left, right];
  if (unsigned.rank >= signed.rank) return unsigned;
  if (signed.size > unsigned.size) return signed;
  return signed.rank === T.LONG.rank ? T.ULONG : T.ULLONG;
}

const bad = (place: Place, op: string, a: Expr, b: Expr): never =>
  refuse(place, `${op} cannot be applied to ${T.typeName(a.type)} and ${T.typeName(b.type)}`);

/** a op b for + - * / % & | ^ << >>. */
export function binary(op: BinaryOp, leftRaw: Expr, rightRaw: Expr, place: Place): Expr {
  const left = rvalue(leftRaw);
  const right = rvalue(rightRaw);
  if ((op === '+' || op === '-') && left.type.kind === 'pointer' && T.isInteger(right.type)) {
    return pointerAdd(left, right, op === '-', place);
  }
  if (op === '+' && T.isInteger(left.type) && right.type.kind === 'pointer')
    return pointerAdd(right, left, false, place);
  if (op === '-' && left.type.kind === 'pointer' && right.type.kind === 'pointer')
    return difference(left, right, place);
  if (!T.isArithmetic(left.type) || !T.isArithmetic(right.type)) return bad(place, op, left, right);
  if (op === '<<' || op === '>>') return shift(op, left, right, place);
  const type = commonType(left, right);
  if (type.kind === 'float' && '%&|^'.includes(op)) return bad(place, op, left, right);
  const a = convert(left, type);
  const b = convert(right, type);
  if (a.kind === 'int' && b.kind === 'int' && type.kind === 'int') {
    const value = foldInt(op, a.value, b.value, type);
    if (value !== null) return intConst(value, type, place);
  }
  if (a.kind === 'float' && b.kind === 'float' && type.kind === 'float') {
    const value = foldFloat(op, a.value, b.value);
    if (value !== null) return { kind: 'float', type, place, value: rounded(value, type) };
  }
  return { kind: 'binary', op, type, place, left: a, right: b };
}

function shift(op: '<<' | '>>', left: Expr, right: Expr, place: Place): Expr {
  if (!T.isInteger(left.type) || !T.isInteger(right.type)) return bad(place, op, left, right);
  const a = promote(left);
  const b = convert(promote(right), T.INT);
  if (a.kind === 'int' && b.kind === 'int') {
    const value = foldInt(op, a.value, b.value, a.type as T.IntType);
    if (value !== null) return intConst(value, a.type as T.IntType, place);
  }
  return { kind: 'binary', op, type: a.type, place, left: a, right: b };
}

/** Bytes from one element to the next: GNU C counts void and functions as 1. */
function scaleOf(pointer: Expr, place: Place): number | Expr {
  const to = (pointer.type as T.PointerType).to;
  if (T.isVla(to)) return sizeExpr(to, place);
  if (!T.isComplete(to) && to.kind !== 'void' && to.kind !== 'function') {
    refuse(place, `${T.typeName(to)} is not complete here, so a pointer to it cannot be moved`);
  }
  return T.sizeOf(to);
}

export function pointerAdd(pointer: Expr, count: Expr, negative: boolean, place: Place): Expr {
  const scale = scaleOf(pointer, place);
  const wide = convert(promote(count), T.LONG);
  return { kind: 'pointer-add', type: T.unqualified(pointer.type), place, pointer, count: wide, scale, negative };
}

function difference(left: Expr, right: Expr, place: Place): Expr {
  return { kind: 'pointer-difference', type: T.LONG, place, left, right, scale: scaleOf(left, place) };
}

/** sizeof as an expression of type size_t. */
export function sizeExpr(type: T.CType, place: Place): Expr {
  if (type.kind === 'array' && type.vlaBytes !== undefined) return type.vlaBytes;
  if (!T.isComplete(type) && type.kind !== 'void' && type.kind !== 'function') {
    refuse(place, `the size of ${T.typeName(type)} is not known here`);
  }
  return intConst(T.sizeOf(type), T.ULONG, place);
}

const isNull = (e: Expr): boolean =>
  (e.kind === 'int' && e.value === 0n) || (e.kind === 'cast' && e.type.kind === 'pointer' && isNull(e.operand));

export function compare(op: CompareOp, leftRaw: Expr, rightRaw: Expr, place: Place): Expr {
  let left = rvalue(leftRaw);
  let right = rvalue(rightRaw);
  if (T.isArithmetic(left.type) && T.isArithmetic(right.type)) {
    const type = commonType(left, right);
    left = convert(left, type);
    right = convert(right, type);
  } else if (
    T.isScalar(left.type) &&
    T.isScalar(right.type) &&
    left.type.kind !== 'float' &&
    right.type.kind !== 'float'
  ) {
    const pointer = left.type.kind === 'pointer' ? left.type : right.type;
    left = convert(left, pointer);
    right = convert(right, pointer);
  } else return bad(place, op, left, right);
  const constant =
    left.kind === 'int' && right.kind === 'int'
      ? foldCompare(op, left.value, right.value)
      : left.kind === 'float' && right.kind === 'float'
        ? foldCompare(op, left.value, right.value)
        : null;
  if (constant !== null) return intConst(constant ? 1 : 0, T.INT, place);
  return { kind: 'compare', op, type: T.INT, place, left, right };
}

/** An operand that is asked only whether it is zero. */
export function condition(e: Expr, place = e.place): Expr {
  const value = rvalue(e);
  if (!T.isScalar(value.type))
    refuse(place, `${T.typeName(value.type)} is neither true nor false: a number or a pointer is needed`);
  return value;
}

export function truth(e: Expr): boolean | null {
  if (e.kind === 'int') return e.value !== 0n;
  return e.kind === 'float' ? e.value !== 0 : null;
}

export function logical(op: '&&' | '||', leftRaw: Expr, rightRaw: Expr, place: Place): Expr {
  const left = condition(leftRaw);
  const right = condition(rightRaw);
  const known = truth(left);
  const ends = op === '||';
  if (known === ends) return intConst(ends ? 1 : 0, T.INT, place);
  const second = truth(right);
  if (known !== null && second !== null) return intConst(second ? 1 : 0, T.INT, place);
  return { kind: 'logical', op, type: T.INT, place, left, right };
}

export function logicalNot(e: Expr, place: Place): Expr {
  const operand = condition(e);
  const known = truth(operand);
  return known === null ? { kind: 'logical-not', type: T.INT, place, operand } : intConst(known ? 0 : 1, T.INT, place);
}

export function unary(op: '+' | '-' | '~', e: Expr, place: Place): Expr {
  const operand = promote(e);
  if (!T.isArithmetic(operand.type) || (op === '~' && operand.type.kind !== 'int')) {
    refuse(place, `${op} cannot be applied to ${T.typeName(operand.type)}`);
  }
  if (op === '+') return operand;
  if (operand.kind === 'int')
    return intConst(op === '-' ? -operand.value : ~operand.value, operand.type as T.IntType, place);
  if (operand.kind === 'float') return { ...operand, value: -operand.value };
  return { kind: op === '-' ? 'negate' : 'not', type: operand.type, place, operand };
}

export function conditional(testRaw: Expr, yesRaw: Expr, noRaw: Expr, place: Place): Expr {
  const test = condition(testRaw);
  let yes = rvalue(yesRaw);
  let no = rvalue(noRaw);
  const type = conditionalType(yes, no, place);
  if (type.kind !== 'void' && type.kind !== 'record') {
    yes = convert(yes, type);
    no = convert(no, type);
  }
  const known = truth(test);
  if (known !== null) return known ? yes : no;
  return { kind: 'conditional', type, place, test, yes, no };
}

function conditionalType(yes: Expr, no: Expr, place: Place): T.CType {
  if (T.isArithmetic(yes.type) && T.isArithmetic(no.type)) return commonType(yes, no);
  if (yes.type.kind === 'void' || no.type.kind === 'void') return T.VOID;
  if (yes.type.kind === 'record' && T.sameType(yes.type, no.type)) return T.unqualified(yes.type);
  if (yes.type.kind === 'pointer' && no.type.kind === 'pointer') {
    if (isNull(yes)) return no.type;
    if (isNull(no)) return yes.type;
    return yes.type.to.kind === 'void' ? yes.type : no.type.to.kind === 'void' ? no.type : yes.type;
  }
  if (yes.type.kind === 'pointer' && T.isInteger(no.type)) return yes.type;
  if (no.type.kind === 'pointer' && T.isInteger(yes.type)) return no.type;
  return bad(place, '?:', yes, no);
}

/** Converts as an assignment does: C17 6.5.16.1, more forgiving about pointers as gcc -w is. */
export function assignable(e: Expr, to: T.CType, place: Place): Expr {
  const value = rvalue(e);
  const type = T.unqualified(to);
  if (value.type.kind === 'void') return refuse(place, 'a value is needed, and this expression has none (void)');
  if (type.kind === 'record' || value.type.kind === 'record') {
    if (!T.sameType(type, value.type)) refuse(place, `${T.typeName(value.type)} cannot become ${T.typeName(type)}`);
    return value;
  }
  const floatAndPointer =
    (type.kind === 'pointer' && value.type.kind === 'float') ||
    (type.kind === 'float' && value.type.kind === 'pointer');
  if (!T.isScalar(type) || floatAndPointer)
    refuse(place, `${T.typeName(value.type)} cannot become ${T.typeName(type)}`);
  return convert(value, type);
}

function checkTarget(target: Expr, place: Place): void {
  if (!isLvalue(target))
    refuse(place, 'this cannot be assigned to: it is no variable or member, and no pointer leads to it');
  if (target.type.kind === 'array') refuse(place, 'an array cannot be assigned to; copy it with memcpy');
  if (target.type.isConst === true) refuse(place, 'this cannot be assigned to: it is const');
}

export function assign(target: Expr, value: Expr, place: Place): Expr {
  checkTarget(target, place);
  return {
    kind: 'assign',
    type: T.unqualified(target.type),
    place,
    target,
    value: assignable(value, target.type, place),
  };
}

/** target op= right, and ++ and -- with right = 1. */
export function update(op: BinaryOp, target: Expr, right: Expr, result: Update['result'], place: Place): Expr {
  checkTarget(target, place);
  const base = { kind: 'current' as const, type: T.unqualified(target.type), place, id: Symbol(op) };
  const operand = rvalue(right);
  const kept = { kind: 'current' as const, type: T.unqualified(operand.type), place, id: Symbol('right') };
  const before = hasEffects(operand) ? { node: kept, value: operand } : null;
  // A bit-field is promoted by its width.
  const promoted = convert(base, promotedType({ ...target, type: T.unqualified(target.type) } as Expr));
  const value = assignable(
    binary(op, T.isInteger(base.type) ? promoted : base, before === null ? operand : kept, place),
    target.type,
    place,
  );
  return { kind: 'update', type: base.type, place, target, current: base, before, value, result };
}

/** An explicit cast: C17 6.5.4. */
export function cast(e: Expr, to: T.CType, place: Place): Expr {
  const value = rvalue(e);
  if (to.kind === 'void') return { kind: 'cast', type: T.VOID, place, operand: value };
  if (to.kind === 'record' && T.sameType(value.type, to)) return value;
  const floatAndPointer =
    (to.kind === 'pointer' && value.type.kind === 'float') || (to.kind === 'float' && value.type.kind === 'pointer');
  if (!T.isScalar(to) || !T.isScalar(value.type) || floatAndPointer) {
    refuse(place, `${T.typeName(value.type)} cannot be cast to ${T.typeName(to)}`);
  }
  const converted = convert(value, to, place);
  // A cast is no lvalue, also where it changes nothing.
  return isLvalue(converted) ? { kind: 'cast', type: T.unqualified(to), place, operand: converted } : converted;
}
