import type {
  AddressOf, Assign, Binary, BinaryOp, Compare, Conditional, Expr, Global, Logical, PointerAdd, PointerDifference, Stmt,
  Update,
} from '../syntax/ast.ts'; // prettier-ignore
import { FP, GP, type Operation } from '../cpu/isa.ts';
import { hasEffects } from '../syntax/effects.ts';
import * as T from '../types/types.ts';
import { compileBuiltin } from './builtins.ts';
import { compileCall } from './calls.ts';
import { convertRegister } from './conversions.ts';
import { newTarget, type Emitter, type Target } from './emitter.ts';
import type { FunctionUnit } from './function.ts';
import { loadFrom, loadBits, storeBits, storeTo } from './memory.ts';
import { accessNote, arrayLength } from './notes.ts';
import { isLateAddress, isSwapped, lateOperand } from './order.ts';

const ARITHMETIC: Readonly<Record<BinaryOp, string>> = {
  '+': 'ADD', '-': 'SUB', '*': 'MUL', '/': 'DIV', '%': 'REM', '&': 'AND', '|': 'OR', '^': 'XOR', '<<': 'SHL', '>>': 'SHR',
}; // prettier-ignore

/** An address as the instructions take it: a register and a distance, or a global. */
export type Where =
  { readonly base: number; readonly offset: number } | { readonly global: Global; readonly offset: number };

/**
 * Compiles expressions. Each value lands in the register that is asked for; registers above it are free to use, those
 * below hold what is still needed.
 */
export class ExpressionCompiler {
  readonly out: Emitter;
  /** Statements inside of expressions; set by whoever compiles statements. */
  statement!: (stmt: Stmt) => void;
  /** The pointer through which something is about to be read or written. */
  private accessed: Expr | null = null;

  constructor(readonly unit: FunctionUnit) {
    this.out = unit.out;
  }

  /** Evaluates for the effect alone. */
  effect(e: Expr, d = 0): void {
    this.out.place = e.place;
    if (e.kind === 'update' && this.increment(e, d)) return;
    if (e.kind === 'comma') {
      this.effect(e.left, d);
      this.effect(e.right, d);
    } else if (e.kind === 'cast' && e.type.kind === 'void') this.effect(e.operand, d);
    else if (e.kind === 'conditional' && e.type.kind === 'void') this.choose(e, d, (side) => this.effect(side, d));
    else if (e.kind === 'zero') {
      this.address(e.target, d);
      this.out.emit('ZERO', d, 0, 0, T.sizeOf(e.target.type));
    } else if (e.kind === 'assign') this.assign(e, d, false);
    else if (e.kind === 'update') this.update(e, d, false);
    else if (e.type.kind === 'record') this.address(e, d);
    else this.value(e, d);
  }

  /** The value in register d; of a record its address. */
  value(e: Expr, d: number): void {
    const { out } = this;
    out.place = e.place;
    switch (e.kind) {
      case 'int':
        return out.loadNumber(d, e.type.kind === 'int' && e.type.size < 8 ? BigInt.asIntN(32, e.value) : e.value);
      case 'float':
        return out.loadDouble(d, e.value);
      case 'var':
      case 'deref':
      case 'member':
        return this.load(e, d);
      case 'current':
        return this.current(e.id, d);
      case 'address':
        return this.addressOf(e, d);
      case 'negate':
      case 'not':
        return this.unary(e, d);
      case 'binary':
        return this.binary(e, d);
      case 'pointer-add':
        return this.pointerAdd(e, d);
      case 'pointer-difference':
        return this.difference(e, d);
      case 'compare':
        return this.compare(e, d);
      case 'logical':
      case 'logical-not':
        return this.truth(e, d);
      case 'conditional':
        if (e.type.kind === 'record') return this.address(e, d);
        return this.choose(e, d, (side) => (e.type.kind === 'void' ? this.effect(side, d) : this.value(side, d)));
      case 'comma':
        this.effect(e.left, d);
        return e.right.type.kind === 'void' ? this.effect(e.right, d) : this.value(e.right, d);
      case 'assign':
        return this.assign(e, d, true);
      case 'update':
        return this.update(e, d, true);
      case 'cast':
        if (e.type.kind === 'void') return this.effect(e.operand, d);
        this.value(e.operand, d);
        return convertRegister(out, e.operand.type, e.type, d);
      case 'call':
        return compileCall(this, e, d);
      case 'statements':
        for (const stmt of e.body) this.inner(stmt, d);
        if (e.value === null) return;
        return e.value.type.kind === 'record' || e.value.type.kind === 'array'
          ? this.address(e.value, d)
          : this.value(e.value, d);
      case 'builtin':
        return compileBuiltin(this, e, d);
      case 'zero':
        return this.effect(e, d);
    }
  }

  /** A statement in the middle of an expression: what registers hold waits in the frame. */
  private inner(stmt: Stmt, d: number): void {
    this.keep(d, () => this.statement(stmt));
  }

  /** Runs something that may use all registers, with those below d kept in the frame. */
  keep(d: number, run: () => void): void {
    const { unit, out } = this;
    const from = unit.keptBelow;
    for (let r = from; r < d; r++) out.emit('ST64', r, FP, 0, unit.frame.slotOf(r));
    unit.keptBelow = Math.max(from, d);
    run();
    unit.keptBelow = from;
    for (let r = from; r < d; r++) out.emit('LD64', r, FP, 0, unit.frame.slotOf(r));
  }

  private current(id: symbol, d: number): void {
    const { register, late } = this.unit.currents.get(id)!;
    if (late !== null) this.value(late, d);
    else this.out.emit('MOV', d, register);
  }

  private load(e: Expr, d: number): void {
    if (e.type.kind === 'array' || e.type.kind === 'record' || e.type.kind === 'function') return this.address(e, d);
    const where = this.where(e, d);
    if (e.kind === 'member' && e.member.bits !== null)
      return loadBits(this.out, e.member, e.type, d, this.plain(where, d), accessNote(e, e.place));
    loadFrom(this.out, e.type, d, where, accessNote(e, e.place));
  }

  /** The address of an lvalue, or of a record that a function returned, in register d. */
  address(e: Expr, d: number): void {
    this.out.place = e.place;
    if (e.kind === 'conditional') return this.choose(e, d, (side) => this.address(side, d));
    if (e.kind === 'comma') {
      this.effect(e.left, d);
      return this.address(e.right, d);
    }
    if (e.kind === 'var' || e.kind === 'deref' || e.kind === 'member') {
      const where = this.where(e, d);
      if ('global' in where) this.out.emitGlobal('LEA', d, GP, where.global, where.offset);
      else if (where.base !== d || where.offset !== 0) this.out.emit('LEA', d, where.base, 0, where.offset);
      return;
    }
    this.value(e, d);
  }

  /** Where an lvalue is; register d may be taken for it. */
  where(e: Expr, d: number): Where {
    switch (e.kind) {
      case 'var':
        if (e.variable.kind === 'local') return { base: FP, offset: e.variable.offset };
        return { global: e.variable, offset: 0 };
      case 'member': {
        const record = this.where(e.record, d);
        return { ...record, offset: record.offset + e.member.offset };
      }
      case 'deref': {
        const constant = this.constantPlace(e.pointer, d);
        if (constant !== null) return constant;
        this.accessed = e.pointer;
        this.value(e.pointer, d);
        return { base: d, offset: 0 };
      }
      default:
        this.address(e, d);
        return { base: d, offset: 0 };
    }
  }

  /** A pointer that is a fixed distance from something that needs no register of its own. */
  private constantPlace(e: Expr, d: number): Where | null {
    if (e.kind === 'address' && e.of.type.kind !== 'function') return this.where(e.of, d);
    if (e.kind === 'cast' && T.isWide(e.type) && T.isWide(e.operand.type)) return this.constantPlace(e.operand, d);
    if (e.kind !== 'pointer-add' || e.count.kind !== 'int' || typeof e.scale !== 'number') return null;
    const distance = Number(e.count.value) * e.scale * (e.negative ? -1 : 1);
    if (Math.abs(distance) > 2 ** 30) return null;
    const base = this.constantPlace(e.pointer, d);
    if (base !== null) return { ...base, offset: base.offset + distance };
    this.value(e.pointer, d);
    return { base: d, offset: distance };
  }

  /** The same place with its base in a register. */
  plain(where: Where, d: number): { base: number; offset: number } {
    if ('base' in where) return where;
    this.out.emitGlobal('LEA', d, GP, where.global, where.offset);
    return { base: d, offset: 0 };
  }

  private addressOf(e: AddressOf, d: number): void {
    this.address(e.of, d);
  }

  private unary(e: Extract<Expr, { kind: 'negate' | 'not' }>, d: number): void {
    this.value(e.operand, d);
    const name = e.kind === 'negate' ? 'NEG' : 'NOT';
    const op = e.type.kind === 'float' ? 'FNEG' : `${name}${T.isWide(e.type) ? 64 : 32}`;
    this.out.emit(op as Operation, d, d);
  }

  /** Both operands in the order gcc reads them. @returns their registers */
  private operands(left: Expr, right: Expr, d: number, op = ''): { a: number; b: number } {
    const lateCurrent = (id: symbol): boolean => this.unit.currents.get(id)?.late != null;
    const late = hasEffects(right)
      ? isSwapped(op, left, right)
        ? { effect: null, value: left }
        : lateOperand(left, lateCurrent)
      : null;
    if (late !== null) {
      if (late.effect !== null) this.effect(late.effect, d);
      this.value(right, d);
      this.value(late.value, d + 1);
      return { a: d + 1, b: d };
    }
    this.value(left, d);
    this.value(right, d + 1);
    return { a: d, b: d + 1 };
  }

  private binary(e: Binary, d: number): void {
    const { out } = this;
    if (e.type.kind === 'float') {
      const { a, b } = this.operands(e.left, e.right, d, e.op);
      out.emit(`F${ARITHMETIC[e.op]}` as Operation, d, a, b);
      if (e.type.size === 4) out.emit('FRND', d, d);
      return;
    }
    const wide = T.isWide(e.type);
    if (this.immediate(e, d, wide)) return;
    const { a, b } = this.operands(e.left, e.right, d, e.op);
    const signed = e.type.kind === 'int' && e.type.signed;
    const name = ARITHMETIC[e.op];
    const kind = '/%'.includes(e.op) || e.op === '>>' ? (signed ? 'S' : 'U') : '';
    out.emit(`${name}${kind}${wide ? 64 : 32}` as Operation, d, a, b);
  }

  /** Operations with a small constant. */
  private immediate(e: Binary, d: number, wide: boolean): boolean {
    if (e.right.kind !== 'int') return false;
    const value = BigInt.asIntN(T.isWide(e.right.type) ? 64 : 32, e.right.value);
    if (BigInt.asIntN(31, value) !== value) return false;
    const signed = e.type.kind === 'int' && e.type.signed;
    const imm = Number(value);
    const size = wide ? 64 : 32;
    const op = ((): string | null => {
      switch (e.op) {
        case '+':
        case '-':
          return wide ? 'LEA' : 'ADDI32';
        case '*':
          return `MULI${size}`;
        case '&':
          return wide ? null : 'ANDI32';
        case '<<':
          return imm >= 0 && imm < size ? `SHLI${size}` : null;
        case '>>':
          return imm >= 0 && imm < size ? `SHR${signed ? 'S' : 'U'}I${size}` : null;
        default:
          return null;
      }
    })();
    if (op === null) return false;
    this.value(e.left, d);
    this.out.emit(op as Operation, d, d, 0, e.op === '-' ? -imm : imm);
    return true;
  }

  private pointerAdd(e: PointerAdd, d: number): void {
    const { out } = this;
    if (e.count.kind === 'int' && typeof e.scale === 'number') {
      const distance = Number(e.count.value) * e.scale * (e.negative ? -1 : 1);
      if (Math.abs(distance) < 2 ** 31) {
        this.value(e.pointer, d);
        if (distance !== 0) out.emit('LEA', d, d, 0, distance);
        return;
      }
    }
    if (typeof e.scale === 'number' && e.scale < 2 ** 31) {
      const narrow = e.count.kind === 'cast' && e.count.operand.type.kind === 'int' && e.count.operand.type.signed && !T.isWide(e.count.operand.type); // prettier-ignore
      const count = narrow && e.count.kind === 'cast' ? e.count.operand : e.count;
      const length = arrayLength(e.pointer);
      const accessed = this.accessed === e;
      const { a, b } = this.operands(e.pointer, count, d);
      if (length !== null) out.note({ kind: 'index', place: e.place, length, accessed });
      out.emit(narrow ? 'IDX32' : 'IDX64', d, a, b, e.negative ? -e.scale : e.scale);
      return;
    }
    const { a, b } = this.operands(e.pointer, e.count, d);
    if (typeof e.scale === 'number') out.loadNumber(d + 2, BigInt(e.scale));
    else this.value(e.scale, d + 2);
    out.emit('MUL64', b, b, d + 2);
    out.emit(e.negative ? 'SUB64' : 'ADD64', d, a, b);
  }

  private difference(e: PointerDifference, d: number): void {
    const { out } = this;
    const { a, b } = this.operands(e.left, e.right, d);
    out.emit('SUB64', d, a, b);
    if (e.scale === 1) return;
    if (typeof e.scale === 'number') out.loadNumber(d + 1, BigInt(e.scale));
    else this.value(e.scale, d + 1);
    out.emit('DIVS64', d, d, d + 1);
  }

  private compare(e: Compare, d: number): void {
    const { a, b } = this.operands(e.left, e.right, d, e.op);
    const { name, swap } = compareOp(e);
    this.out.emit(name, d, swap ? b : a, swap ? a : b);
  }

  /** 0 or 1 of a condition. */
  private truth(e: Expr, d: number): void {
    const { out } = this;
    const end = newTarget();
    const no = newTarget();
    this.branch(e, false, no, d);
    out.emit('LI', d, 0, 0, 1);
    out.jump('JMP', end);
    out.here(no);
    out.emit('LI', d, 0, 0, 0);
    out.here(end);
  }

  private choose(e: Conditional, d: number, side: (e: Expr) => void): void {
    const { out } = this;
    const no = newTarget();
    const end = newTarget();
    this.branch(e.test, false, no, d);
    side(e.yes);
    out.jump('JMP', end);
    out.here(no);
    side(e.no);
    out.here(end);
  }

  /** Jumps when the condition is what is asked for, else goes on. */
  branch(e: Expr, when: boolean, target: Target, d = 0): void {
    const { out } = this;
    out.place = e.place;
    if (e.kind === 'logical-not') return this.branch(e.operand, !when, target, d);
    if (e.kind === 'logical') return this.branchLogical(e, when, target, d);
    if (e.kind === 'int') {
      if ((e.value !== 0n) === when) out.jump('JMP', target);
      return;
    }
    if (e.kind === 'compare' && e.left.type.kind !== 'float') return this.branchCompare(e, when, target, d);
    this.value(e, d);
    if (e.type.kind === 'float') {
      out.loadDouble(d + 1, 0);
      out.emit('FNE', d, d, d + 1);
    }
    out.jump(`${when ? 'BNZ' : 'BZ'}${T.isWide(e.type) ? 64 : 32}` as Operation, target, d);
  }

  private branchLogical(e: Logical, when: boolean, target: Target, d: number): void {
    const { out } = this;
    // The left operand alone decides when it is true for ||, false for &&.
    const decides = e.op === '||';
    if (decides === when) {
      this.branch(e.left, when, target, d);
      this.branch(e.right, when, target, d);
      return;
    }
    const past = newTarget();
    this.branch(e.left, decides, past, d);
    this.branch(e.right, when, target, d);
    out.here(past);
  }

  private branchCompare(e: Compare, when: boolean, target: Target, d: number): void {
    const { out } = this;
    const op = when ? e.op : NEGATED[e.op];
    if (this.branchImmediate(e, op, target, d)) return;
    const { a, b } = this.operands(e.left, e.right, d, e.op);
    const { name, swap } = compareOp({ ...e, op });
    out.jump(`B${name}` as Operation, target, swap ? b : a, swap ? a : b);
  }

  private branchImmediate(e: Compare, op: Compare['op'], target: Target, d: number): boolean {
    const { type } = e.left;
    if (e.right.kind !== 'int' || T.isWide(type) || type.kind !== 'int') return false;
    const value = Number(BigInt.asIntN(32, e.right.value));
    if (value < -128 || value > 127 || (!type.signed && type.size === 4 && op !== '==' && op !== '!=')) return false;
    this.value(e.left, d);
    const name = {
      '==': 'BEQI32',
      '!=': 'BNEI32',
      '<': 'BLTI32',
      '<=': 'BLEI32',
      '>': 'BGTI32',
      '>=': 'BGEI32',
    } as const;
    this.out.jump(name[op], target, d, 0, value & 0xff);
    return true;
  }

  private assign(e: Assign, d: number, wanted: boolean): void {
    const { out } = this;
    const { target, value } = e;
    if (target.type.kind === 'record' || target.type.kind === 'array') {
      this.assignRecord(e, d);
      return;
    }
    const bits = target.kind === 'member' ? target.member.bits : null;
    const note = accessNote(target, e.place);
    if (!this.addressFirst(e)) {
      this.value(value, d);
      const where = this.where(target, d + 1);
      out.place = e.place;
      if (bits !== null && target.kind === 'member')
        storeBits(out, target.member, target.type, d, this.plain(where, d + 1), d + 2, wanted, note);
      else storeTo(out, target.type, d, where, note);
      return;
    }
    this.address(target.kind === 'member' && bits !== null ? target.record : target, d);
    this.value(value, d + 1);
    out.place = e.place;
    if (bits !== null && target.kind === 'member') {
      storeBits(out, target.member, target.type, d + 1, { base: d, offset: target.member.offset }, d + 2, wanted, note);
    } else storeTo(out, target.type, d + 1, { base: d, offset: 0 }, note);
    if (wanted) out.emit('MOV', d, d + 1);
  }

  /**
   * gcc takes the value first, but a function that is called as the whole value is called last; a plain local waits in
   * any case. Source: gcc gimplify.c gimplify_modify_expr, initial_rhs_predicate_for.
   */
  private addressFirst({ target, value }: Assign): boolean {
    if (isLateAddress(target)) return false;
    return value.kind === 'call' || (hasEffects(target) && lateOperand(value)?.effect === null);
  }

  private assignRecord({ target, value }: Assign, d: number): void {
    if (isLateAddress(target)) {
      this.address(value, d + 1);
      this.address(target, d);
    } else {
      this.address(target, d);
      this.address(value, d + 1);
    }
    this.out.emit('COPY', d, d + 1, 0, T.sizeOf(target.type));
  }

  /** i++ and the like as one instruction, when nobody wants the value. */
  private increment(e: Update, d: number): boolean {
    const { value } = e;
    if (value.kind !== 'binary' || (value.op !== '+' && value.op !== '-') || value.right.kind !== 'int') return false;
    if (e.type.kind !== 'int' || e.type.size !== 4 || value.left !== e.current) return false;
    if (e.target.kind === 'member' && e.target.member.bits !== null) return false;
    const by = Number(BigInt.asIntN(32, value.right.value)) * (value.op === '-' ? -1 : 1);
    if (by < -128 || by > 127) return false;
    const where = this.where(e.target, d);
    this.out.note(accessNote(e.target, e.place));
    if ('global' in where) this.out.emitGlobal('INCM32', 0, GP, where.global, where.offset, by & 0xff);
    else this.out.emit('INCM32', 0, where.base, by & 0xff, where.offset);
    return true;
  }

  private update(e: Update, d: number, wanted: boolean): void {
    const { out, unit } = this;
    const { target } = e;
    let free = d + 1;
    if (e.before !== null) {
      const register = free++;
      this.value(e.before.value, register);
      unit.currents.set(e.before.node.id, { register, late: null });
    }
    const bits = target.kind === 'member' ? target.member.bits : null;
    const place = bits !== null && target.kind === 'member' ? target.record : target;
    const fixed = this.fixedWhere(place);
    const base = fixed === null ? free++ : -1;
    if (fixed === null) this.address(place, base);
    const inner = bits !== null && target.kind === 'member' ? target.member.offset : 0;
    const where: Where = fixed === null ? { base, offset: inner } : { ...fixed, offset: fixed.offset + inner };
    const current = free++;
    const note = accessNote(target, e.place);
    if (bits !== null && target.kind === 'member')
      loadBits(out, target.member, target.type, current, this.plain(where, current), note);
    else loadFrom(out, target.type, current, where, note);
    unit.currents.set(e.current.id, { register: current, late: null });
    this.value(e.value, free);
    out.place = e.place;
    if (bits !== null && target.kind === 'member') {
      storeBits(out, target.member, target.type, free, this.plain(where, free + 1), free + 2, wanted, note);
    } else storeTo(out, target.type, free, where, note);
    if (wanted) out.emit('MOV', d, e.result === 'before' ? current : free);
  }

  /** A place that needs no register. */
  private fixedWhere(e: Expr): Where | null {
    if (e.kind === 'var') return this.where(e, 0);
    if (e.kind !== 'member') return null;
    const record = this.fixedWhere(e.record);
    return record === null ? null : { ...record, offset: record.offset + e.member.offset };
  }
}

const NEGATED = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

/** The instruction for a comparison; > and >= are < and <= of the operands swapped. */
function compareOp(e: Compare): { name: Operation; swap: boolean } {
  const { type } = e.left;
  const swap = e.op === '>' || e.op === '>=';
  const names = { '==': 'EQ', '!=': 'NE', '<': 'LT', '<=': 'LE', '>': 'LT', '>=': 'LE' } as const;
  const name = names[e.op];
  if (type.kind === 'float') return { name: `F${name}` as Operation, swap };
  const unsigned = type.kind === 'pointer' || (type.kind === 'int' && !type.signed);
  const ordered = name === 'LT' || name === 'LE';
  return { name: `${name}${ordered && unsigned ? 'U' : ''}${T.isWide(type) ? 64 : 32}` as Operation, swap };
}
