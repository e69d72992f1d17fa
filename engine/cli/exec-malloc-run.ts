import { MALLOPT, type Allocator, type MallocMemory } from '../malloc/index.ts';
import type { Errno } from '../base/errno.ts';
import { loopNames } from '../protocol/library-calls.ts';
import type { MallocCommand } from '../player/commands/parse-malloc-command.ts';

/** Name and JSON text of one member of a line. */
export type LineField = readonly [string, string];

const PAGE = 4096;
const text = (value: string): string => `"${value}"`;
const errnoField = (errno: string | null): LineField => ['errno', text(errno ?? '0')];

/** What a script needs of the memory it runs in: flat, or the pages of a task. */
export interface ScriptMemory extends MallocMemory {
  errno: Errno | null;
  readonly breakAddress: number;
  isZero(address: number, length: number): boolean;
}

/** A malloc script's process: its pointers by name, and what a line of the recorded files says after each command. */
export class MallocScriptRun {
  private readonly pointers = new Map<string, number>();
  private prints = true;

  /** @param heapStart where the break was before anything ran */
  constructor(
    private readonly allocator: Allocator,
    private readonly memory: ScriptMemory,
    private readonly heapStart: number,
  ) {}

  /** Carries out one command. @returns what its line says; a death is thrown, see `attempt` */
  step(command: MallocCommand): LineField[] {
    this.memory.errno = null;
    const fields = this.carryOut(command);
    return this.prints ? [...fields, ...this.totals()] : fields;
  }

  private carryOut(command: MallocCommand): LineField[] {
    const { allocator, memory } = this;
    switch (command.op) {
      case 'malloc':
        return this.got(command.name, allocator.malloc(command.bytes));
      case 'calloc':
        return this.calloc(command);
      case 'realloc':
        return this.resized(command, (old) => allocator.realloc(old, command.bytes));
      case 'memalign':
      case 'aligned_alloc':
        return this.got(command.name, allocator.memalign(command.alignment, command.bytes));
      case 'posix_memalign': {
        const { error, block } = allocator.posixMemalign(command.alignment, command.bytes);
        this.pointers.set(command.name, block);
        return [['ret', text(error ?? '0')], ...this.where(block), ...(block === 0 ? [] : this.chunk(block))];
      }
      case 'valloc':
        return this.got(command.name, allocator.valloc(command.bytes));
      case 'reallocarray':
        return this.resized(command, (old) => allocator.reallocarray(old, command.count, command.bytes));
      case 'null':
        this.pointers.set(command.name, 0);
        return [];
      case 'store':
        memory.store64(this.pointer(command.name) + command.shift, this.pointer(command.target));
        return [];
      case 'mallinfo':
      case 'malloc_stats':
        return command.op === 'mallinfo' ? [] : [['text', JSON.stringify(allocator.statsText())]];
      case 'free':
        allocator.free(this.pointer(command.name) + command.shift);
        return [];
      case 'show': {
        const block = this.pointer(command.name);
        return [...this.where(block), ...(block === 0 ? [] : this.chunk(block))];
      }
      case 'usable':
        return [['usable', `${allocator.usableSize(this.pointer(command.name))}`]];
      case 'fill':
        if (command.count > 0) memory.fill(this.pointer(command.name), command.count, command.byte);
        return [];
      case 'poke':
        memory.store8(this.pointer(command.name) + command.offset, command.byte);
        return [];
      case 'bytes': {
        const start = this.pointer(command.name) + command.offset;
        const bytes = Array.from({ length: command.count }, (_, i) => memory.load8(start + i));
        return [['bytes', `[${bytes.join(',')}]`]];
      }
      case 'raw': {
        const word = BigInt.asUintN(64, this.word(this.pointer(command.name) + command.index * 8));
        return [['raw', text(`0x${word.toString(16)}`)]];
      }
      case 'prev':
        return [['prev_size', `${this.word(this.pointer(command.name) - 16)}`]];
      case 'mallopt':
        return [['ret', `${allocator.mallopt(MALLOPT[command.parameter], command.value)}`]];
      case 'trim':
        return [['ret', `${allocator.trim(command.pad)}`]];
      case 'loop':
        return this.loop(command);
      case 'state':
        return [];
      case 'stats':
        this.prints = command.on;
        return [];
    }
  }

  private resized(
    { name, target }: { readonly name: string; readonly target: string },
    resize: (old: number) => number,
  ): LineField[] {
    const old = this.pointer(name);
    const block = resize(old);
    const fields = this.got(target, block);
    return block === 0 ? fields : [...fields, ['moved', block === old ? '0' : '1']];
  }

  private calloc({ name, count, bytes }: Extract<MallocCommand, { op: 'calloc' }>): LineField[] {
    const block = this.allocator.calloc(count, bytes);
    const fields = this.got(name, block);
    if (block === 0) return fields;
    const zero = this.memory.isZero(block, count * bytes);
    return [...fields, ['zero', zero ? '1' : '0']];
  }

  /** Only the first and the last block of a loop are printed. */
  private loop(loop: Extract<MallocCommand, { op: 'loop' }>): LineField[] {
    const { action, bytes } = loop;
    const names = loopNames(loop);
    const fields: LineField[] = [];
    for (const [i, name] of names.entries()) {
      if (action === 'free') {
        this.allocator.free(this.pointer(name));
        continue;
      }
      const block = this.allocator.malloc(bytes);
      this.pointers.set(name, block);
      if (i !== 0 && i !== names.length - 1) continue;
      const place = this.where(block).map(([key, json]) => `,"${key}":${json}`);
      fields.push([i === 0 ? 'first' : 'last', `{"x":0${place.join('')}}`]);
    }
    return fields;
  }

  private pointer(name: string): number {
    return this.pointers.get(name) ?? 0;
  }

  private got(name: string, block: number): LineField[] {
    this.pointers.set(name, block);
    return [...this.where(block), ...(block === 0 ? [errnoField(this.memory.errno)] : this.chunk(block))];
  }

  private where(block: number): LineField[] {
    if (block === 0) return [['at', 'null']];
    const inHeap = block >= this.heapStart && block < this.memory.breakAddress;
    if (inHeap) return [['at', `${block - this.heapStart}`]];
    return [
      ['at', text('mmap')],
      ['pgoff', `${block % PAGE}`],
    ];
  }

  private chunk(block: number): LineField[] {
    const head = this.word(block - 8);
    const flags = Number(head & 7n);
    const letters = ['P', 'M', 'A'].filter((_, bit) => (flags & (1 << bit)) !== 0).join('');
    const usable = this.allocator.usableSize(block);
    return [
      // Only of a mapped chunk can a damaged size be told at all.
      ['usable', `${Number.isSafeInteger(usable) ? usable : head - BigInt(flags) - 16n}`],
      ['csize', `${head - BigInt(flags)}`],
      ['fl', text(letters)],
    ];
  }

  /** All 64 bits of a word, signed. */
  private word(address: number): bigint {
    const high = BigInt(this.memory.load32(address + 4));
    return BigInt.asIntN(64, (high << 32n) | BigInt(this.memory.load32(address)));
  }

  private totals(): LineField[] {
    const members = Object.entries(this.allocator.mallinfoWords()).filter(([field]) => field !== 'usmblks');
    return [
      ['brk', `${this.memory.breakAddress - this.heapStart}`],
      ['mi', `{${members.map(([field, word]) => `"${field}":${word}`).join(',')}}`],
    ];
  }
}
