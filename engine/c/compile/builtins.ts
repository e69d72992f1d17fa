import { FP } from '../cpu/isa.ts';
import type { Builtin } from '../syntax/ast.ts';
import { sizeOf } from '../types/types.ts';
import type { ExpressionCompiler } from './expressions.ts';
import { slotBytes } from './frame.ts';
import { loadFrom } from './memory.ts';

/**
 * va_list has the form of the System V ABI (3.5.7): two offsets, which say here that no register holds arguments, and
 * the address of the next argument on the stack.
 */
const VA_LIST = { gpOffset: 0, fpOffset: 4, overflow: 8, bytes: 24, gpEnd: 48, fpEnd: 176 } as const;

export function compileBuiltin(c: ExpressionCompiler, e: Builtin, d: number): void {
  const { out, unit } = c;
  switch (e.name) {
    case 'alloca':
    case 'vla':
      c.value(e.args[0]!, d);
      out.emit('ALLOCA', d, d);
      return;
    case 'frame-address':
      out.emit('MOV', d, FP);
      return;
    case 'va_start':
      c.value(e.args[0]!, d);
      out.emit('LI', d + 1, 0, 0, VA_LIST.gpEnd);
      out.emit('ST32', d + 1, d, 0, VA_LIST.gpOffset);
      out.emit('LI', d + 1, 0, 0, VA_LIST.fpEnd);
      out.emit('ST32', d + 1, d, 0, VA_LIST.fpOffset);
      out.emit('LEA', d + 1, FP, 0, unit.frame.paramsEnd);
      out.emit('ST64', d + 1, d, 0, VA_LIST.overflow);
      return;
    case 'va_copy':
      c.value(e.args[0]!, d);
      c.value(e.args[1]!, d + 1);
      out.emit('COPY', d, d + 1, 0, VA_LIST.bytes);
      return;
    case 'va_arg':
      c.value(e.args[0]!, d);
      out.emit('LD64', d + 1, d, 0, VA_LIST.overflow);
      out.emit('LEA', d + 2, d + 1, 0, slotBytes(sizeOf(e.type)));
      out.emit('ST64', d + 2, d, 0, VA_LIST.overflow);
      if (e.type.kind === 'record') out.emit('MOV', d, d + 1);
      else loadFrom(out, e.type, d, { base: d + 1, offset: 0 }, null);
      return;
  }
}
