import { refuse, type Place } from '../source/place.ts';
import type { Expr, FunctionBody, Global } from '../syntax/ast.ts';
import type { FunctionType } from '../types/types.ts';
import type { Emitter, Target } from './emitter.ts';
import { Frame } from './frame.ts';

/** What the parts of the compiler know of the function they are compiling. */
export class FunctionUnit {
  readonly frame: Frame;
  readonly type: FunctionType;
  /** A struct is returned through a pointer that comes as a hidden first argument. */
  readonly returnsRecord: boolean;
  /** Registers below it are kept in the frame already, around a call that is being prepared. */
  keptBelow = 0;
  /** Registers that hold the values `current` nodes stand for. */
  readonly currents = new Map<symbol, { readonly register: number; readonly late: Expr | null }>();

  constructor(
    readonly global: Global,
    readonly body: FunctionBody,
    readonly out: Emitter,
    readonly end: Target,
  ) {
    this.type = global.type as FunctionType;
    this.returnsRecord = this.type.returns.kind === 'record';
    for (const local of body.locals) {
      if (local.align > 16) refuse(local.place, 'alignments above 16 of automatic variables are not in the lab’s C');
    }
    this.frame = new Frame(body.params, body.locals, this.returnsRecord ? 8 : 0);
  }

  missing(place: Place, what: string): never {
    return refuse(place, `${what} is not in the lab’s C`);
  }
}
