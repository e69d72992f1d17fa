import type { Global } from '../syntax/ast.ts';
import { newTarget, type Emitter } from './emitter.ts';
import { FunctionUnit } from './function.ts';
import { StatementCompiler } from './statements.ts';

/** Appends a function's instructions to the text. @returns where its variables are */
export function compileFunction(global: Global, out: Emitter): FunctionUnit {
  const end = newTarget();
  const unit = new FunctionUnit(global, global.body!, out, end);
  out.place = global.place;
  const enter = out.offset;
  out.emit('ENTER');
  new StatementCompiler(unit).statement(unit.body.body);
  out.place = unit.body.end;
  out.stop(unit.body.end);
  // C17 5.1.2.2.3: main returns 0 at its end.
  if (global.name === 'main') out.emit('LI', 0, 0, 0, 0);
  out.here(end);
  out.emit('LEAVE');
  out.emit('RET');
  out.patch(enter, unit.frame.bytes);
  return unit;
}
