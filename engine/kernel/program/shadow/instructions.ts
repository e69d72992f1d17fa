import { FP, OP, SP, type AccessNote, type IndexNote, type Note } from '../../../c/index.ts';
import type { ShadowTables } from './tables.ts';
import type { AccessChecks } from './access.ts';
import type { Checker } from './checker.ts';
import { found } from './findings.ts';
import { SHADOW } from './tables.ts';

const TWO32 = 2 ** 32;
const ALL = 0xff;

/** What an instruction does with the shadow. */
const enum Does {
  Nothing,
  /** a is defined. */
  Defines,
  /** a = b */
  Moves,
  /** a is undefined when a byte of b is. */
  FromB,
  FromBC,
  Load,
  Store,
  /** Goes on elsewhere when a says so. */
  BranchA,
  BranchAB,
  Index,
  Special,
}

const LOADS: Readonly<Record<string, number>> = { LD8S: 1, LD8U: 1, LD16S: 2, LD16U: 2, LD32: 4, LD64: 8, LDF32: 4 };
const STORES: Readonly<Record<string, number>> = { ST8: 1, ST16: 2, ST32: 4, ST64: 8, STF32: 4 };
const sizes = new Uint8Array(256);
const does = tableOf();

function tableOf(): Uint8Array {
  const table = new Uint8Array(256);
  const is = (kind: Does, ...names: readonly string[]): void => {
    for (const name of names) table[OP[name as keyof typeof OP]] = kind;
  };
  for (const name of Object.keys(OP)) {
    const code = OP[name as keyof typeof OP];
    if (/^(ADD|SUB|MUL|DIV|REM|AND|OR|XOR|SHL|SHR|EQ|NE|LT|LE|FADD|FSUB|FMUL|FDIV|FEQ|FNE|FLT|FLE)/.test(name))
      table[code] = Does.FromBC;
    if (
      /^(ADDI|MULI|ANDI|SHLI|SHR[SU]I|NEG|NOT|FNEG|FRND|SX|ZX|I2F|U2F|L2|UL2|F2|S?N?Z(32|64)$)/.test(name) ||
      /^SN?Z\d/.test(name)
    )
      table[code] = Does.FromB;
    if (/^BN?Z\d|^B[A-Z]+I32$/.test(name)) table[code] = Does.BranchA;
    else if (/^B(EQ|NE|LT|LE)U?\d/.test(name)) table[code] = Does.BranchAB;
  }
  is(Does.Defines, 'LI', 'LI64');
  is(Does.Moves, 'MOV');
  is(Does.FromB, 'LEA');
  is(Does.Index, 'IDX32', 'IDX64');
  is(Does.Special, 'CALL', 'CALLR', 'RET', 'ENTER', 'LEAVE', 'COPY', 'ZERO', 'ALLOCA', 'INCM32');
  for (const [name, size] of [...Object.entries(LOADS), ...Object.entries(STORES)]) {
    table[OP[name as keyof typeof OP]] = name in LOADS ? Does.Load : Does.Store;
    sizes[OP[name as keyof typeof OP]] = size;
  }
  return table;
}

/** Follows each instruction: what it makes of undefined bytes in registers and memory, and what it may not do. */
export class InstructionChecks {
  constructor(
    private readonly checker: Checker,
    private readonly access: AccessChecks,
  ) {}

  private get tasks(): ShadowTables['tasks'] {
    return this.checker.k.programs.shadow.tasks;
  }

  before(pc: number): void {
    const { process } = this.checker;
    const at = pc >> 3;
    const w = process.notes.words[at * 2]!;
    const imm = process.notes.words[at * 2 + 1]!;
    const note = process.notes.notes[at];
    const masks = this.tasks.undefined;
    const base = process.task * 64;
    const a = base + ((w >> 8) & 63);
    const b = base + ((w >> 16) & 63);
    if (this.checker.taint.isOn) this.follow(w);
    switch (does[w & 255]! as Does) {
      case Does.Nothing:
        return;
      case Does.Defines:
        masks[a] = 0;
        return;
      case Does.Moves:
        masks[a] = masks[b]!;
        if (masks[a] !== 0) this.tasks.from[a] = this.tasks.from[b]!;
        return;
      case Does.FromB:
        // Distances from the registers of the stack are known.
        this.makes(a, (w & 255) === OP.LEA && ((w >> 16) & 63) >= 61 ? a : b, masks[b]!);
        if ((w & 255) === OP.LEA && ((w >> 8) & 63) === SP) this.movesStack(imm);
        return;
      case Does.FromBC: {
        const c = base + ((w >>> 24) & 63);
        this.makes(a, masks[b] === 0 ? c : b, masks[b]! | masks[c]!);
        return;
      }
      case Does.Index: {
        const c = base + ((w >>> 24) & 63);
        if (note?.kind === 'index') this.checkIndex(note, w, (w >>> 24) & 63);
        this.makes(a, masks[b] === 0 ? c : b, masks[b]! | masks[c]!);
        return;
      }
      case Does.Load:
        this.load(w, imm, note, a, b);
        return;
      case Does.Store:
        this.store(w, imm, note, a, b, at);
        return;
      case Does.BranchA:
        this.decides(a);
        return;
      case Does.BranchAB:
        this.decides(masks[a] === 0 ? b : a);
        return;
      case Does.Special:
        this.special(w, imm, note, at);
    }
  }

  /** Marks of registers: a load and a store follow theirs where they know the address. */
  private follow(w: number): void {
    const kind = does[w & 255]! as Does;
    if (kind >= Does.Defines && kind <= Does.FromBC) this.checker.taint.makes(w & 255, (w >> 8) & 63, (w >> 16) & 63);
    else if (kind === Does.Index) this.checker.taint.makes(w & 255, (w >> 8) & 63, (w >> 16) & 63);
  }

  private makes(a: number, from: number, mask: number): void {
    const { tasks } = this;
    tasks.undefined[a] = mask === 0 ? 0 : ALL;
    if (mask !== 0) tasks.from[a] = tasks.from[from]!;
  }

  /** A decision, or an address, that hangs on an undefined value. */
  private decides(register: number): void {
    const { tasks } = this;
    if (tasks.undefined[register] === 0) return;
    tasks.undefined[register] = 0;
    this.access.uninitialised(tasks.from[register]!, 1);
  }

  private number(register: number): number {
    return this.checker.run.cpu.number(register);
  }

  private load(w: number, imm: number, note: Note | undefined, a: number, b: number): void {
    this.decides(b);
    const { tasks } = this;
    const size = sizes[w & 255]!;
    const address = this.number((w >> 16) & 63) + imm;
    const mask = this.access.instruction(address, size, false, accessOf(note), 0, 0);
    if (this.checker.taint.isOn) this.checker.taint.load((w >> 8) & 63, address, size);
    const short = (w & 255) !== OP.LD64 && (w & 255) !== OP.LD32;
    tasks.undefined[a] = mask !== 0 && short ? ALL : mask;
    if (mask !== 0) tasks.from[a] = address;
  }

  private store(w: number, imm: number, note: Note | undefined, a: number, b: number, at: number): void {
    this.decides(b);
    const size = sizes[w & 255]!;
    const address = this.number((w >> 16) & 63) + imm;
    if (this.checker.taint.isOn) this.checker.taint.store((w >> 8) & 63, address, size);
    this.access.instruction(address, size, true, accessOf(note), this.tasks.undefined[a]!, at + 1);
  }

  private checkIndex(note: IndexNote, w: number, register: number): void {
    const { cpu } = this.checker.run;
    const index = (w & 255) === OP.IDX32 ? cpu.registers[register * 2]! : cpu.number(register);
    if (index >= 0 && (index < note.length || (index === note.length && !note.accessed))) return;
    const array = cpu.number((w >> 16) & 63);
    const scale = this.checker.process.notes.words[this.checker.instruction * 2 + 1]!;
    this.checker.report(found('out-of-bounds', array + index * scale, note.length, { cause: 'index', more: index }));
  }

  /** The stack pointer goes down by as much as −imm: arguments will lie there. */
  private movesStack(imm: number): void {
    if (imm >= 0) return;
    const sp = this.number(SP);
    this.begin(sp + imm, -imm, SHADOW.UNDEFINED);
  }

  /** Memory of the stack is somebody's from now on. */
  private begin(address: number, length: number, state: number): void {
    const { pages } = this.checker.process;
    const end = address + Math.min(length, 2 ** 24);
    for (let page = Math.floor(address / 4096); page * 4096 < end; page++) pages.follow(page);
    pages.begin(address, length, state);
  }

  private special(w: number, imm: number, note: Note | undefined, at: number): void {
    const { access, tasks } = this;
    const { task } = this.checker.process;
    const a = (w >> 8) & 63;
    const b = (w >> 16) & 63;
    const sp = this.number(SP);
    switch (w & 255) {
      case OP.CALLR:
        this.decides(task * 64 + a);
        this.begin(sp - 8, 8, SHADOW.FRAME);
        return;
      case OP.CALL:
        this.begin(sp - 8, 8, SHADOW.FRAME);
        return;
      case OP.ENTER:
        this.enter(sp, imm, at);
        return;
      case OP.RET:
        this.begin(sp, 8, SHADOW.UNDEFINED);
        return;
      case OP.LEAVE:
        this.begin(this.number(FP), 8, SHADOW.UNDEFINED);
        return;
      case OP.COPY:
        this.copy(this.number(a), this.number(b), imm);
        return;
      case OP.ZERO:
        if (access.reachable(this.number(a), imm, true)) access.stored(this.number(a), imm);
        return;
      case OP.ALLOCA: {
        this.decides(task * 64 + b);
        const bytes = Math.ceil(this.number(b) / 16) * 16;
        if (bytes > 0 && bytes < TWO32) this.begin(sp - bytes, bytes, SHADOW.UNDEFINED);
        tasks.undefined[task * 64 + a] = 0;
        return;
      }
      case OP.INCM32: {
        const address = this.number(b) + imm;
        this.decides(task * 64 + b);
        access.instruction(address, 4, false, accessOf(note), 0, 0);
        access.instruction(address, 4, true, accessOf(note), 0, at + 1);
      }
    }
  }

  private enter(sp: number, bytes: number, at: number): void {
    this.begin(sp - 8, 8, SHADOW.FRAME);
    const { process } = this.checker;
    const frame = process.notes.frames.get(at);
    const low = sp - 8 - bytes;
    this.begin(low, bytes, SHADOW.UNDEFINED);
    if (frame === undefined) return;
    process.pages.each(low, bytes, (to, count, address) => {
      const { pages } = process.pages;
      pages.state.set(frame.state.subarray(address - low, address - low + count), to);
      pages.type.set(frame.type.subarray(address - low, address - low + count), to);
    });
  }

  /** A struct is assigned, or passed. */
  private copy(to: number, from: number, length: number): void {
    const { access } = this;
    const { process } = this.checker;
    if (access.firstOf(from, length, SHADOW.FREED) >= 0) access.reachable(from, length, false);
    else if (access.firstOf(to, length, SHADOW.FREED) >= 0) access.reachable(to, length, true);
    // What only the compiler copies may lie between variables.
    if (process.segmentOf(to) === 'stack') {
      process.pages.each(to, length, (at, count) => {
        const { state } = process.pages.pages;
        for (let i = at; i < at + count; i++) state[i]! &= ~SHADOW.OUTSIDE;
      });
    }
    if (this.checker.taint.isOn) this.checker.taint.copy(to, from, length);
    access.copied(to, from, length);
  }
}

const accessOf = (note: Note | undefined): AccessNote | null => (note?.kind === 'access' ? note : null);
