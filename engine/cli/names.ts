import { isAllocatorRegion } from '../kernel/heap/index.ts';
import { peekTask, peekVmas, regionPage, type KernelState } from '../kernel/index.ts';
import type { Command, CommandResult } from '../protocol/commands.ts';
import { isLibraryCall } from '../protocol/library-calls.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { addressOf } from '../player/reading.ts';

/** A name of a script, as recorded results list it. */
export interface ScriptName {
  readonly name: string;
  /** It stands for a place inside another name's range and is not listed itself. */
  readonly alias: boolean;
  /** Pages of it that were ever mapped, counted from its start. */
  extent: number;
}

/**
 * The names of a script in the order in which they were first used, which is the order of the listing. `heap` is there
 * from the start; a name first used by `mmap … at` or `fixed` is an alias.
 */
export class ScriptNames {
  private readonly list: ScriptName[] = [{ name: 'heap', alias: false, extent: 0 }];

  /** Names that are listed. */
  get listed(): readonly ScriptName[] {
    return this.list.filter((n) => !n.alias);
  }

  /** Before the command runs: its names are now known. */
  mention(command: Command): void {
    if (command.op === 'mmap') {
      if (command.at !== null) this.add(command.at.name, false);
      this.add(command.name, command.at !== null);
    } else if (command.op === 'pread' || command.op === 'pwrite') {
      if (command.buffer !== null) this.add(command.buffer.name, false);
    } else if ('name' in command && 'task' in command && !isLibraryCall(command)) {
      this.add(command.name, false);
      if (command.op === 'mremap' && command.fixed !== null) this.add(command.fixed.name, false);
    }
  }

  /** After it ran: a name reaches as far as anything was ever mapped from it. */
  follow(k: KernelState, command: Command, result: CommandResult): void {
    if ('task' in command && isLibraryCall(command)) this.followAllocator(k, command.task);
    if (command.op === 'brk') {
      const heap = this.list[0]!;
      heap.extent = Math.max(heap.extent, Math.ceil(peekTask(k, command.task)?.breakPages ?? 0));
    }
    if (command.op === 'exec' && result.ret === command.image) this.followExec(k, command.task);
    if (command.op === 'mremap') this.followMove(k, command, result);
    if (command.op !== 'mmap' || result.ret !== command.name) return;
    const place = command.at ?? { name: command.name, offset: { bytes: 0, ramPercent: 0 } };
    const start = addressOf(k, place.name, place.offset, command.task);
    const length = addressOf(k, command.name, command.length, command.task);
    const base = regionPage(k, command.name, command.task);
    if (start === null || length === null || base === null) return;
    this.extend(k, command.name, Math.ceil((start + (length - base * PAGE_SIZE)) / PAGE_SIZE));
  }

  /** A program's parts are names of their own, as far as they reach now. */
  private followExec(k: KernelState, task: number): void {
    for (const { start, end, region, regionOffset } of peekVmas(k, task)) {
      this.add(region, false);
      const own = this.list.find(({ name }) => name === region)!;
      own.extent = Math.max(own.extent, regionOffset + end - start);
    }
  }

  /** A moved range reaches as far from where it is now; a place that the kernel chose is a name of its own. */
  private followMove(k: KernelState, command: Extract<Command, { op: 'mremap' }>, { ret }: CommandResult): void {
    if (typeof ret !== 'string') return;
    const inPlace = ret === 'inplace';
    const chosen = !inPlace && ret !== command.fixed?.name;
    const place = inPlace ? command : chosen ? { name: ret, offset: { bytes: 0, ramPercent: 0 } } : command.fixed!;
    this.add(place.name, false);
    const start = addressOf(k, place.name, place.offset, command.task);
    const length = addressOf(k, place.name, command.newLength, command.task);
    const base = regionPage(k, place.name, command.task);
    if (start === null || length === null || base === null) return;
    this.extend(k, place.name, Math.ceil((start + (length - base * PAGE_SIZE)) / PAGE_SIZE));
  }

  /** The allocator moves the break and makes mappings, which get names of their own. */
  private followAllocator(k: KernelState, task: number): void {
    const heap = this.list[0]!;
    heap.extent = Math.max(heap.extent, Math.ceil(peekTask(k, task)?.breakPages ?? 0));
    for (const { name, page } of k.regions) {
      if (!isAllocatorRegion(name)) continue;
      this.add(name, false);
      const vma = peekVmas(k, task).find(({ start, end }) => start <= page && page < end);
      const above = Math.min(...k.regions.map((other) => other.page).filter((other) => other > page));
      if (vma !== undefined) this.extend(k, name, Math.min(vma.end, above));
    }
  }

  private add(name: string, alias: boolean): void {
    if (!this.list.some((n) => n.name === name)) this.list.push({ name, alias, extent: 0 });
  }

  /** @param end page behind what was mapped */
  private extend(k: KernelState, name: string, end: number): void {
    const own = this.list.find((n) => n.name === name)!;
    const grown = own.alias ? this.holder(k, regionPage(k, name)!) : own;
    if (grown === null) return;
    grown.extent = Math.max(grown.extent, end - regionPage(k, grown.name)!);
  }

  /** The name in whose range an alias lies. Aliases inside the heap count for nobody. */
  private holder(k: KernelState, page: number): ScriptName | null {
    let best: ScriptName | null = null;
    let bestPage = -1;
    for (const candidate of this.listed) {
      const start = regionPage(k, candidate.name);
      if (start !== null && start <= page && start > bestPage) [best, bestPage] = [candidate, start];
    }
    return best?.name === 'heap' ? null : best;
  }
}
