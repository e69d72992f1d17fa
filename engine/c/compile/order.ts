/**
 * Which operands gcc -O0 reads late. It takes an expression apart from left to right, but an operand that is a plain
 * local variable stays a name, read only when the operation happens: `i + i++` adds the new i.
 * Source: gcc gimplify.c gimplify_expr, is_gimple_val; the differential tests hold us to it.
 */
import type { Expr } from '../syntax/ast.ts';
import { sizeOf } from '../types/types.ts';

/** A value that is read when it is used. @param lateCurrent is the target of the update around read late? */
export function isLateValue(e: Expr, lateCurrent: (id: symbol) => boolean = () => false): boolean {
  if (e.kind === 'int' || e.kind === 'float') return true;
  if (e.kind === 'current') return lateCurrent(e.id);
  if (e.kind === 'cast' && e.type.kind === 'pointer' && e.operand.type.kind === 'pointer')
    return isLateValue(e.operand);
  if (e.kind === 'address') return isLateAddress(e.of);
  return isPlainLocal(e);
}

/** An operand taken apart: what it does when its turn comes, and the value that is read only when it is used. */
export interface LateOperand {
  readonly effect: Expr | null;
  readonly value: Expr;
}

/** `++i` and `i = x` of a plain local are the variable itself afterwards. @returns null for what is read at its turn */
export function lateOperand(e: Expr, lateCurrent?: (id: symbol) => boolean): LateOperand | null {
  if (isLateValue(e, lateCurrent)) return { effect: null, value: e };
  const assigns = e.kind === 'assign' || (e.kind === 'update' && e.result === 'after');
  return assigns && isPlainLocal(e.target) ? { effect: e, value: e.target } : null;
}

/**
 * Operands that gcc swaps before it does anything else, so that a variable stands last: those of operators whose
 * operands may change places. Source: gcc fold-const.c tree_swap_operands_p; -a + b is folded to b - a.
 */
export function isSwapped(op: string, left: Expr, right: Expr): boolean {
  if (!SWAPPABLE.has(op) || right.kind === 'int' || right.kind === 'float' || isVariable(right)) return false;
  return isVariable(left) || (op === '+' && left.kind === 'negate');
}

const SWAPPABLE = new Set(['+', '*', '&', '|', '^', '==', '!=', '<', '<=', '>', '>=']);

/** A variable, also behind a cast that keeps its bits. */
function isVariable(e: Expr): boolean {
  if (e.kind === 'cast')
    return (
      e.type.kind !== 'float' &&
      e.operand.type.kind !== 'float' &&
      sizeOf(e.type) === sizeOf(e.operand.type) &&
      isVariable(e.operand)
    );
  return e.kind === 'var' && e.type.kind !== 'array' && e.type.kind !== 'function';
}

function isPlainLocal(e: Expr): boolean {
  if (e.kind !== 'var' || e.variable.kind !== 'local') return false;
  const { type } = e;
  const scalar = type.kind === 'int' || type.kind === 'float' || type.kind === 'pointer';
  return scalar && !e.variable.addressTaken && type.isVolatile !== true;
}

/** An lvalue whose address is worked out when it is used. */
export function isLateAddress(e: Expr): boolean {
  if (e.kind === 'var') return true;
  if (e.kind === 'member') return isLateAddress(e.record);
  if (e.kind !== 'deref') return false;
  const { pointer } = e;
  if (isLateValue(pointer)) return true;
  if (pointer.kind !== 'pointer-add' || pointer.pointer.kind !== 'address') return false;
  const { count } = pointer;
  const index = count.kind === 'cast' ? count.operand : count;
  return isLateAddress(pointer.pointer.of) && isLateValue(index);
}
