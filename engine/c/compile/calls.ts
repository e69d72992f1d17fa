import { FP, SP, type Operation } from '../cpu/isa.ts';
import type { Call, Expr } from '../syntax/ast.ts';
import { movesStack } from '../syntax/effects.ts';
import { isWide, sizeOf, type CType } from '../types/types.ts';
import type { ExpressionCompiler } from './expressions.ts';
import { slotBytes } from './frame.ts';
import { lateOperand } from './order.ts';

/**
 * A call. Arguments lie on the stack, eight bytes or a multiple each, the first lowest; gcc evaluates them from right to
 * left (PUSH_ARGS_REVERSED) and reads plain local variables last of all. The result comes in register 0; a struct goes
 * where the hidden first argument says.
 */
export function compileCall(c: ExpressionCompiler, e: Call, d: number): void {
  const { out, unit } = c;
  const returnsRecord = e.type.kind === 'record';
  const result = returnsRecord ? unit.frame.addResult(sizeOf(e.type)) : 0;
  const hidden = returnsRecord ? 8 : 0;
  const offsets: number[] = [];
  let bytes = hidden;
  for (const arg of e.args) {
    offsets.push(bytes);
    bytes += slotBytes(sizeOf(arg.type));
  }
  const area = Math.ceil(bytes / 16) * 16;
  c.keep(d, () => {
    const inFrame = e.args.some(movesStack) ? throughFrame(c, e.args, d) : null;
    if (area > 0) out.emit('LEA', SP, SP, 0, -area);
    if (inFrame !== null) inFrame.forEach((slot, i) => copySlot(c, slot, offsets[i]!, e.args[i]!, d));
    else passArguments(c, e.args, offsets, d);
    if (returnsRecord) {
      out.emit('LEA', d, FP, 0, result);
      out.emit('ST64', d, SP, 0, 0);
    }
    callee(c, e, d);
    if (area > 0) out.emit('LEA', SP, SP, 0, area);
    if (returnsRecord) out.emit('LEA', 0, FP, 0, result);
    if (d !== 0 && e.type.kind !== 'void') out.emit('MOV', d, 0);
  });
}

function callee(c: ExpressionCompiler, e: Call, d: number): void {
  const { out } = c;
  out.place = e.place;
  const direct = e.callee.kind === 'address' && e.callee.of.kind === 'var' ? e.callee.of.variable : null;
  if (direct?.kind === 'global' && direct.type.kind === 'function') {
    note(c, e);
    out.emitGlobal('CALL', 0, 0, direct, 0);
    return;
  }
  c.value(e.callee, d);
  note(c, e);
  out.emit('CALLR', d);
}

/** The arguments as the source has them: conversions to `void *` left out. */
function note({ out }: ExpressionCompiler, { place, args }: Call): void {
  const written = args.map((arg) => (arg.kind === 'cast' && arg.type.kind === 'pointer' ? arg.operand.type : arg.type));
  out.note({ kind: 'call', place, args: written });
}

const storeOp = (type: CType): Operation =>
  type.kind === 'float' && type.size === 4 ? 'STF32' : isWide(type) || type.kind === 'float' ? 'ST64' : 'ST32';

function passArgument(c: ExpressionCompiler, arg: Expr, base: number, offset: number, d: number): void {
  const { out } = c;
  if (arg.type.kind === 'record') {
    c.address(arg, d);
    out.emit('LEA', d + 1, base, 0, offset);
    out.emit('COPY', d + 1, d, 0, sizeOf(arg.type));
    return;
  }
  c.value(arg, d);
  out.emit(storeOp(arg.type), d, base, 0, offset);
}

/** From right to left, then those that are read late. */
function passArguments(c: ExpressionCompiler, args: readonly Expr[], offsets: readonly number[], d: number): void {
  const late = args.map((arg) => lateOperand(arg));
  for (let i = args.length - 1; i >= 0; i--) {
    const { effect } = late[i] ?? {};
    if (effect != null) c.effect(effect, d);
    else if (late[i] == null) passArgument(c, args[i]!, SP, offsets[i]!, d);
  }
  late.forEach((operand, i) => {
    if (operand !== null) passArgument(c, operand.value, SP, offsets[i]!, d);
  });
}

/** Where an argument itself moves the stack pointer, all of them are evaluated into the frame first. */
function throughFrame(c: ExpressionCompiler, args: readonly Expr[], d: number): number[] {
  const slots = args.map((arg) => c.unit.frame.add(slotBytes(sizeOf(arg.type))));
  for (let i = args.length - 1; i >= 0; i--) passArgument(c, args[i]!, FP, slots[i]!, d);
  return slots;
}

function copySlot(c: ExpressionCompiler, slot: number, offset: number, arg: Expr, d: number): void {
  c.out.emit('LEA', d, SP, 0, offset);
  c.out.emit('LEA', d + 1, FP, 0, slot);
  c.out.emit('COPY', d, d + 1, 0, slotBytes(sizeOf(arg.type)));
}
