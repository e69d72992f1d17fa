import type { Expr } from './ast.ts';

/** Does evaluating the expression change anything? Calls count. */
export function hasEffects(e: Expr): boolean {
  switch (e.kind) {
    case 'int':
    case 'float':
    case 'var':
    case 'current':
      return false;
    case 'deref':
      return hasEffects(e.pointer);
    case 'member':
      return hasEffects(e.record);
    case 'address':
      return hasEffects(e.of);
    case 'negate':
    case 'not':
    case 'cast':
    case 'logical-not':
      return hasEffects(e.operand);
    case 'binary':
    case 'compare':
    case 'logical':
    case 'comma':
    case 'pointer-difference':
      return hasEffects(e.left) || hasEffects(e.right);
    case 'pointer-add':
      return hasEffects(e.pointer) || hasEffects(e.count);
    case 'conditional':
      return hasEffects(e.test) || hasEffects(e.yes) || hasEffects(e.no);
    default:
      return true;
  }
}

/** Does it move the stack pointer, so that no arguments may be lying there? */
export function movesStack(e: Expr): boolean {
  switch (e.kind) {
    case 'builtin':
      return e.name === 'alloca' || e.name === 'vla' || e.args.some(movesStack);
    case 'statements':
      return true;
    case 'call':
      return movesStack(e.callee) || e.args.some(movesStack);
    case 'assign':
      return movesStack(e.target) || movesStack(e.value);
    case 'update':
      return movesStack(e.target) || movesStack(e.value) || (e.before !== null && movesStack(e.before.value));
    case 'deref':
      return movesStack(e.pointer);
    case 'member':
      return movesStack(e.record);
    case 'address':
      return movesStack(e.of);
    case 'negate':
    case 'not':
    case 'cast':
    case 'logical-not':
      return movesStack(e.operand);
    case 'binary':
    case 'compare':
    case 'logical':
    case 'comma':
    case 'pointer-difference':
      return movesStack(e.left) || movesStack(e.right);
    case 'pointer-add':
      return movesStack(e.pointer) || movesStack(e.count);
    case 'conditional':
      return movesStack(e.test) || movesStack(e.yes) || movesStack(e.no);
    default:
      return false;
  }
}
