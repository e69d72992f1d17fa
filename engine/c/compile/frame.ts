import type { Local } from '../syntax/ast.ts';
import { sizeOf, variableAlign, isVla } from '../types/types.ts';

/** Parameters lie above the saved frame pointer and the return address, eight bytes or a multiple each. */
const FIRST_PARAM = 16;

/**
 * Places of a function's variables, in bytes from the frame pointer. gcc -O0 places them downwards in the order of their
 * declaration: gcc cfgexpand.c expand_one_stack_var.
 */
export class Frame {
  private low = 0;
  /** Structs that functions return. */
  readonly results: { readonly offset: number; readonly bytes: number }[] = [];
  private readonly slots = new Map<number, number>();

  /** @param hidden bytes of arguments before the first that has a name */
  constructor(params: readonly Local[], locals: readonly Local[], hidden: number) {
    let offset = FIRST_PARAM + hidden;
    for (const param of params) {
      param.offset = offset;
      offset += slotBytes(sizeOf(param.type));
    }
    this.paramsEnd = offset;
    for (const local of locals) {
      if (local.isParam) continue;
      local.offset = this.add(
        isVla(local.type) ? 8 : sizeOf(local.type),
        Math.max(variableAlign(local.type), local.align),
      );
    }
  }

  /** Where unnamed arguments begin. */
  readonly paramsEnd: number;

  /** Room for a value without a name. @returns its offset */
  add(bytes: number, align = 8): number {
    this.low = -Math.ceil((bytes - this.low) / align) * align;
    return this.low;
  }

  /** Room for a struct that a function returns. @returns its offset */
  addResult(bytes: number): number {
    const offset = this.add(bytes, 8);
    this.results.push({ offset, bytes });
    return offset;
  }

  /** The place where a register waits while a call is under way. */
  slotOf(register: number): number {
    let slot = this.slots.get(register);
    if (slot === undefined) {
      slot = this.add(8);
      this.slots.set(register, slot);
    }
    return slot;
  }

  get bytes(): number {
    return Math.ceil(-this.low / 16) * 16;
  }
}

export const slotBytes = (size: number): number => Math.max(8, Math.ceil(size / 8) * 8);
