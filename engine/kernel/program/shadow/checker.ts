import { extendRows } from '../../../base/table.ts';
import type { Pid } from '../../../base/units.ts';
import { FP, isVla, OP, sizeOf, SP, type MemoryTap } from '../../../c/index.ts';
import type { Allocator } from '../../../malloc/index.ts';
import { PeekMemory } from '../../heap/peek-memory.ts';
import type { KernelState } from '../../state.ts';
import type { ProgramRun } from '../program-run.ts';
import { markVariable } from '../secrets.ts';
import { sourceLines } from '../source-lines.ts';
import { Process } from '../process.ts';
import { currentStop } from '../stops.ts';
import { stackFrames, type StackFrame } from '../variables.ts';
import { AccessChecks } from './access.ts';
import { copyBlocks } from './blocks.ts';
import { addFinding, type Found, type FoundPlace } from './findings.ts';
import { checkedAllocator } from './heap-calls.ts';
import { InstructionChecks } from './instructions.ts';
import { LibraryChecks } from './library.ts';
import { copyPages } from './pages.ts';
import { ownerOf } from './owners.ts';
import type { Variable } from './image-notes.ts';
import { Taint } from './taint.ts';
import { ShadowProcess } from './shadow-process.ts';

/** Return addresses that are followed to find a line of the program's own. */
const MOST_FRAMES = 64;

/**
 * Follows programs that are checked, an instruction and a call at a time, ahead of the processor. What it knows is in the
 * tables of the state; what it does changes nothing else, so a program runs the same with and without it.
 */
export class Checker {
  readonly k: KernelState;
  private readonly known = new Map<number, ShadowProcess>();
  private current: ShadowProcess | null = null;
  private readonly access: AccessChecks;
  private readonly instructions: InstructionChecks;
  private readonly library: LibraryChecks;
  readonly taint = new Taint(this);
  private pc = 0;

  constructor(readonly run: ProgramRun) {
    this.k = run.k;
    this.access = new AccessChecks(this);
    this.instructions = new InstructionChecks(this, this.access);
    this.library = new LibraryChecks(this, this.access);
  }

  /** The processor has this task's registers now. @returns whether it is checked */
  enter(task: Pid): boolean {
    const owner = ownerOf(this.k, task);
    this.current = null;
    if (owner === 0) return false;
    let process = this.known.get(owner);
    if (process === undefined) {
      process = new ShadowProcess(this.k, task, owner);
      this.known.set(owner, process);
    }
    this.current = process;
    return true;
  }

  get isOn(): boolean {
    return this.current !== null;
  }
  get process(): ShadowProcess {
    return this.current!;
  }

  /** @param pc of the instruction that is about to run, bytes from the start of the text */
  before(pc: number): void {
    this.pc = pc;
    this.taint.settle();
    this.markHere(pc);
    this.instructions.before(pc);
  }

  /** Comments of the program that mark bytes: when the statement behind them begins. */
  private markHere(pc: number): void {
    const { process } = this;
    for (const { name, bytes } of process.notes.secrets.get(pc >> 3) ?? []) {
      this.saveRegisters();
      markVariable(this.k, process.task, name, bytes);
    }
  }

  // ——— the library ———

  beforeCall(name: string): void {
    if (this.current === null) return;
    this.taint.beginCall();
    this.library.before(name);
    this.run.cpu.tap = this.library;
  }
  afterCall(name: string): void {
    this.run.cpu.tap = null;
    if (this.current === null) return;
    this.library.after(name);
    if (this.taint.isOn) this.taint.endCall();
  }
  /** The process's turn is over. */
  endTurn(): void {
    if (this.current !== null) this.taint.settle();
  }
  /** It was left by a signal or the end of a budget. */
  leave(): void {
    this.run.cpu.tap = null;
  }
  /** The kernel writes into the program's memory. */
  kernelWrote(address: number, length: number): void {
    if (this.current !== null) this.access.stored(address, length);
  }
  /** Sees what the kernel stores for a handler. */
  get kernelTap(): MemoryTap {
    return {
      read: () => undefined,
      write: (address, length) => this.current?.pages.begin(address, length, 0),
      copy: () => undefined,
    };
  }
  allocator(allocator: Allocator): Allocator {
    return this.current === null ? allocator : checkedAllocator(this, allocator);
  }
  forked(parent: Pid, child: Pid): void {
    const { tasks } = this.k.programs.shadow;
    if (this.current === null) return;
    const [from, to] = [ownerOf(this.k, parent), 1 + this.k.tasks.born[child]!];
    extendRows(tasks, child + 1);
    copyPages(this.k, from, to);
    copyBlocks(this.k, from, to);
    tasks.owner[child] = to;
    const stride = 64;
    tasks.undefined.copyWithin(child * stride, parent * stride, (parent + 1) * stride);
    tasks.marks.copyWithin(child * stride * 8, parent * stride * 8, (parent + 1) * stride * 8);
    tasks.from.copyWithin(child * stride, parent * stride, (parent + 1) * stride);
    // The value that fork gives.
    tasks.undefined[child * stride] = 0;
  }

  // ——— places ———

  /** Index of the instruction that is about to run. */
  get instruction(): number {
    return this.pc >> 3;
  }

  peek(): PeekMemory {
    return new PeekMemory(this.k, this.process.task);
  }

  report(what: Found): void {
    this.add(this.place(), what);
  }
  /** Of something that is wrong with what was done at another line. */
  reportAt(line: number, what: Found): void {
    const stop = this.process.image.stops.find(({ place }) => place.line === line && !place.file.startsWith('<'));
    this.add({ line, col: stop?.place.col ?? 1 }, what);
  }
  private add(place: FoundPlace, what: Found): void {
    const { task, owner } = this.process;
    addFinding(this.k, task, owner, this.k.programs.processes.image[task]! - 1, place, what);
  }

  /** The variable that has an address: a local one of a function under way, or a global one. */
  variableAt(address: number): Variable | null {
    const { process } = this;
    switch (process.segmentOf(address)) {
      case 'data':
        return process.globalAt(address);
      case 'stack':
        return this.stackVariable(address);
      case 'other':
        return null;
    }
  }

  /** Where an undefined byte of the stack was declared. */
  localAt(address: number): Partial<Found> {
    const local = this.stackVariable(address);
    return local === null ? {} : { cause: 'declared', causeLine: local.line };
  }

  private stackVariable(address: number): Variable | null {
    for (const { base, symbol } of this.frames()) {
      if (address > base + 16 || symbol.unit === null) continue;
      const local = symbol.unit.body.locals.find(
        (each) =>
          !isVla(each.type) &&
          !each.isParam &&
          address >= base + each.offset &&
          address < base + each.offset + sizeOf(each.type),
      );
      return local === undefined
        ? null
        : { name: local.name, address: base + local.offset, size: sizeOf(local.type), line: local.place.line };
    }
    return null;
  }

  /** The functions under way, innermost first. */
  private frames(): StackFrame[] {
    this.saveRegisters();
    return stackFrames(this.k, this.process.task);
  }

  /** Whoever only looks finds them where they are between commands. */
  private saveRegisters(): void {
    const { cpu } = this.run;
    const { pc } = cpu;
    cpu.pc = this.pc;
    new Process(this.k, this.process.task).save(cpu);
    cpu.pc = pc;
  }

  /** The line of the program's own that is at work: where it is, or what it called. */
  line(): number {
    return this.place().line;
  }

  private place(): FoundPlace {
    const { image, notes } = this.process;
    const lines = sourceLines(image);
    const pc = this.sourcePc(lines);
    if (pc < 0) return { line: 0, col: 0 };
    const note = notes.notes[pc >> 3];
    const line = lines[pc >> 3]!;
    if (note !== undefined && note.place.line === line) return note.place;
    const stop = currentStop(image, pc);
    return { line, col: stop !== null && stop.place.line === line ? stop.place.col : 1 };
  }

  private sourcePc(lines: Int32Array): number {
    const { image, notes } = this.process;
    if (lines[this.pc >> 3] !== 0) return this.pc;
    const { cpu } = this.run;
    const memory = this.peek();
    let frame = cpu.number(FP);
    // A function of the library has no frame: the way back lies on top of the stack.
    let address =
      (notes.words[(this.pc >> 3) * 2]! & 255) === OP.LIBRARY
        ? memory.load64(cpu.number(SP))
        : memory.load64(frame + 8);
    for (let i = 0; i < MOST_FRAMES; i++) {
      const pc = address - image.textStart - 8;
      if (pc < 0 || pc >= image.text.length) return -1;
      if (lines[pc >> 3] !== 0) return pc;
      const inner = i === 0 && (notes.words[(this.pc >> 3) * 2]! & 255) === OP.LIBRARY;
      if (!inner) frame = memory.load64(frame);
      address = memory.load64(frame + 8);
    }
    return -1;
  }
}
