import { FP, SP } from '../cpu/isa.ts';
import type { Case, Expr, Label, Stmt } from '../syntax/ast.ts';
import { isWide, sizeOf, type CType } from '../types/types.ts';
import { newTarget, type Emitter, type Target } from './emitter.ts';
import { ExpressionCompiler } from './expressions.ts';
import type { FunctionUnit } from './function.ts';

/** A block that moves the stack pointer: where the pointer of before is kept. */
interface VlaBlock {
  readonly slot: number;
  readonly around: VlaBlock | null;
}

/** Compiles the statements of one function. */
export class StatementCompiler {
  private readonly expressions: ExpressionCompiler;
  private readonly out: Emitter;
  private readonly labels = new Map<Label, Target>();
  private readonly blocks = new Map<Label, VlaBlock | null>();
  private vla: VlaBlock | null = null;
  private breaks: { readonly target: Target; readonly vla: VlaBlock | null }[] = [];
  private continues: { readonly target: Target; readonly vla: VlaBlock | null }[] = [];
  private readonly slots = new Map<Stmt, VlaBlock>();

  constructor(private readonly unit: FunctionUnit) {
    this.out = unit.out;
    this.expressions = new ExpressionCompiler(unit);
    this.expressions.statement = (stmt) => this.statement(stmt);
    this.findLabels(unit.body.body, null);
  }

  /** Labels are found first, as a jump forward has to know what blocks it leaves. */
  private findLabels(stmt: Stmt | null, vla: VlaBlock | null): void {
    if (stmt === null) return;
    switch (stmt.kind) {
      case 'block': {
        let inside = vla;
        if (stmt.hasVla) {
          inside = { slot: this.unit.frame.add(8), around: vla };
          this.slots.set(stmt, inside);
        }
        for (const part of stmt.body) this.findLabels(part, inside);
        return;
      }
      case 'if':
        this.findLabels(stmt.yes, vla);
        this.findLabels(stmt.no, vla);
        return;
      case 'loop':
      case 'switch':
        this.findLabels(stmt.body, vla);
        return;
      case 'label':
        this.blocks.set(stmt.label, vla);
        this.findLabels(stmt.body, vla);
        return;
      default:
    }
  }

  statement(stmt: Stmt): void {
    const { out, expressions } = this;
    out.place = stmt.place;
    if (stmt.kind !== 'block' && stmt.kind !== 'label') out.stop(stmt.place);
    switch (stmt.kind) {
      case 'expr':
        expressions.effect(stmt.expr, this.unit.keptBelow);
        return;
      case 'block':
        this.block(stmt);
        return;
      case 'if':
        this.ifElse(stmt);
        return;
      case 'loop':
        this.loop(stmt);
        return;
      case 'switch':
        this.switchCase(stmt);
        return;
      case 'label':
        out.here(this.targetOf(stmt.label));
        this.statement(stmt.body);
        return;
      case 'goto':
        this.leave(this.blocks.get(stmt.label) ?? null);
        out.jump('JMP', this.targetOf(stmt.label));
        return;
      case 'break':
      case 'continue': {
        const { target, vla } = (stmt.kind === 'break' ? this.breaks : this.continues).at(-1)!;
        this.leave(vla);
        out.jump('JMP', target);
        return;
      }
      case 'return':
        this.returning(stmt.value);
    }
  }

  private get d(): number {
    return this.unit.keptBelow;
  }

  private targetOf(label: Label): Target {
    let target = this.labels.get(label);
    if (target === undefined) {
      target = newTarget();
      this.labels.set(label, target);
    }
    return target;
  }

  private block(stmt: Extract<Stmt, { kind: 'block' }>): void {
    const { out } = this;
    const mine = this.slots.get(stmt);
    if (mine === undefined) {
      for (const part of stmt.body) this.statement(part);
      return;
    }
    out.emit('ST64', SP, FP, 0, mine.slot);
    this.vla = mine;
    for (const part of stmt.body) this.statement(part);
    this.vla = mine.around;
    if (!out.arraysPileUp) out.emit('LD64', SP, FP, 0, mine.slot);
  }

  /** Gives back what blocks between here and `until` have taken from the stack. */
  private leave(until: VlaBlock | null): void {
    let outermost: VlaBlock | null = null;
    for (let block = this.vla; block !== null && block !== until; block = block.around) outermost = block;
    if (outermost !== null) this.out.emit('LD64', SP, FP, 0, outermost.slot);
  }

  private ifElse(stmt: Extract<Stmt, { kind: 'if' }>): void {
    const { out } = this;
    const no = newTarget();
    this.expressions.branch(stmt.test, false, no, this.d);
    this.statement(stmt.yes);
    if (stmt.no === null) {
      out.here(no);
      return;
    }
    const end = newTarget();
    out.jump('JMP', end);
    out.here(no);
    this.statement(stmt.no);
    out.here(end);
  }

  private loop(stmt: Extract<Stmt, { kind: 'loop' }>): void {
    const { out } = this;
    const body = newTarget();
    const next = newTarget();
    const test = newTarget();
    const end = newTarget();
    if (stmt.init !== null) this.statement(stmt.init);
    if (stmt.testFirst) out.jump('JMP', test);
    out.here(body);
    this.breaks.push({ target: end, vla: this.vla });
    this.continues.push({ target: next, vla: this.vla });
    this.statement(stmt.body);
    this.breaks.pop();
    this.continues.pop();
    out.here(next);
    if (stmt.after !== null) {
      out.stop(stmt.after.place);
      this.expressions.effect(stmt.after, this.d);
    }
    out.here(test);
    if (stmt.test !== null) out.stop(stmt.test.place);
    if (stmt.test === null) out.jump('JMP', body);
    else this.expressions.branch(stmt.test, true, body, this.d);
    out.here(end);
  }

  private switchCase(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    const { out } = this;
    const end = newTarget();
    this.expressions.value(stmt.value, this.d);
    for (const one of stmt.cases) if (one.from !== null) this.caseJump(one, stmt.value.type);
    const fallback = stmt.cases.find((one) => one.from === null);
    out.jump('JMP', fallback === undefined ? end : this.targetOf(fallback.label));
    this.breaks.push({ target: end, vla: this.vla });
    this.statement(stmt.body);
    this.breaks.pop();
    out.here(end);
  }

  private caseJump({ from, to, label }: Case, type: CType): void {
    const { out, d } = this;
    const wide = isWide(type);
    const load = (value: bigint): void => out.loadNumber(d + 1, wide ? value : BigInt.asIntN(32, value));
    const target = this.targetOf(label);
    load(from!);
    if (from === to) {
      out.jump(wide ? 'BEQ64' : 'BEQ32', target, d, d + 1);
      return;
    }
    const past = newTarget();
    const signed = type.kind === 'int' && type.signed;
    const size = wide ? 64 : 32;
    out.jump(`BLT${signed ? '' : 'U'}${size}` as 'BLT32', past, d, d + 1);
    load(to!);
    out.jump(`BLE${signed ? '' : 'U'}${size}` as 'BLE32', target, d, d + 1);
    out.here(past);
  }

  private returning(value: Expr | null): void {
    const { out, unit, expressions } = this;
    if (value !== null && unit.returnsRecord) {
      expressions.address(value, 1);
      out.emit('LD64', 0, FP, 0, 16);
      out.emit('COPY', 0, 1, 0, sizeOf(value.type));
    } else if (value !== null && value.type.kind === 'void') expressions.effect(value);
    else if (value !== null) expressions.value(value, 0);
    out.jump('JMP', unit.end);
  }
}
