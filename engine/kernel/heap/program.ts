import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import { PAGE_SIZE, type EventId, type Pid } from '../../base/units.ts';
import { assert } from '../../base/assert.ts';
import type { BlockAllocator } from '../../malloc/designs/index.ts';
import { HEADER, MALLOPT, SIZE_WORD, type Allocator } from '../../malloc/index.ts';
import { loopNames, type BlockView, type LibraryCall } from '../../protocol/library-calls.ts';
import type { TaskMallocMemory } from '../malloc-memory.ts';
import type { Outcome } from '../outcome.ts';
import type { KernelState } from '../state.ts';
import { blockAt, recordBlock, recordFree, recordResize } from './blocks.ts';
import { blockViewOf, looksMapped, placeText } from './block-view.ts';
import { heapExtent, pageOfAddress } from './heap-state.ts';
import type { Library } from './library.ts';
import { linkOf } from './link.ts';
import { markDangling, pointerOf, setPointer } from './pointers.ts';
import { DAMAGE, noteDamage, noteStore } from './stores.ts';

/** Bytes of a released block, so that a test can see what a library that gave everything back would do. */
const wholePages = (block: number, bytes: number): { readonly start: number; readonly length: number } => {
  const start = Math.ceil((block + HEADER) / PAGE_SIZE) * PAGE_SIZE;
  const end = Math.floor((block + bytes) / PAGE_SIZE) * PAGE_SIZE;
  return { start, length: Math.max(0, end - start) };
};

/** One command of a program about its heap: calls, names, and what the lab remembers of both. */
export class Program {
  /**
   * @param library null for commands that only load and store
   * @param id event that everything here is caused by
   */
  constructor(
    private readonly k: KernelState,
    private readonly pid: Pid,
    private readonly memory: TaskMallocMemory,
    private readonly library: Library | null,
    private readonly id: EventId,
  ) {}

  /** @returns what the command gave; a death of the allocator is thrown, see `attempt` */
  run(call: LibraryCall): Outcome {
    return this.library === null ? this.access(call) : this.call(call, this.library);
  }

  /** What every allocator has. */
  private call(call: LibraryCall, { blocks, glibc }: Library): Outcome {
    switch (call.op) {
      case 'malloc':
        return this.got(call.name, blocks.malloc(call.bytes), call.bytes);
      case 'calloc':
        return this.zeroed(call, blocks.calloc(call.count, call.bytes));
      case 'realloc':
        return this.resized(call, call.bytes, (old) => blocks.realloc(old, call.bytes));
      case 'free':
        this.free(blocks, this.address(call.name) + call.shift);
        return {};
      case 'loop':
        return this.loop(call, blocks);
      case 'usable':
        return number(blocks.usableSize(this.address(call.name)));
      default:
        assert(glibc !== null, `${call.op} was refused before: it is glibc's alone`);
        return this.glibcCall(call, glibc);
    }
  }

  private glibcCall(call: LibraryCall, library: Allocator): Outcome {
    switch (call.op) {
      case 'valloc':
        return this.got(call.name, library.valloc(call.bytes), call.bytes);
      case 'memalign':
      case 'aligned_alloc':
        return this.got(call.name, library.memalign(call.alignment, call.bytes), call.bytes);
      case 'posix_memalign': {
        const { error, block } = library.posixMemalign(call.alignment, call.bytes);
        const outcome = this.got(call.name, block, call.bytes);
        return error === null ? outcome : { ...outcome, ret: 'NULL', errno: error };
      }
      case 'reallocarray':
        return this.resized(call, call.count * call.bytes, (old) => library.reallocarray(old, call.count, call.bytes));
      case 'mallopt':
        return number(library.mallopt(MALLOPT[call.parameter], call.value));
      case 'trim':
        return number(library.trim(call.pad));
      case 'mallinfo':
        return { library: { info: { ...library.mallinfo2() } } };
      default:
        return { library: { text: library.statsText() } };
    }
  }

  private access(call: LibraryCall): Outcome {
    switch (call.op) {
      case 'fill':
        this.fill(this.address(call.name), call.count, call.byte);
        return {};
      case 'store': {
        const at = this.address(call.name) + call.shift;
        this.memory.store64(at, this.address(call.target));
        noteStore(this.k, this.pid, at, SIZE_WORD);
        return {};
      }
      case 'null':
        setPointer(this.k, this.pid, call.name, { address: 0, asked: 0, event: this.id });
        return { ret: 'NULL' };
      case 'raw':
        return this.linked(call.index, this.address(call.name));
      case 'prev':
        return this.word(this.address(call.name) - HEADER);
      default:
        return 'name' in call ? this.shown(this.view(this.address(call.name))) : {};
    }
  }

  private shown(block: BlockView | null): Outcome {
    return { ret: block === null ? 'NULL' : placeText(block), library: { block } };
  }

  /** Page by page: what was stored before one that faults was stored. */
  private fill(start: number, count: number, byte: number): void {
    let done = 0;
    try {
      while (done < count) {
        const length = Math.min(count - done, PAGE_SIZE - ((start + done) % PAGE_SIZE));
        this.memory.fill(start + done, length, byte);
        done += length;
      }
    } finally {
      noteStore(this.k, this.pid, start, done);
    }
  }

  private address(name: string): number {
    return pointerOf(this.k, this.pid, name)?.address ?? 0;
  }

  private word(address: number): Outcome {
    const high = BigInt(this.memory.load32(address + 4));
    const text = `0x${((high << 32n) | BigInt(this.memory.load32(address))).toString(16)}`;
    return { ret: text, library: { word: text } };
  }

  /** A word of a block; the first one of a freed block is a link, which the library stores mangled. */
  private linked(index: number, block: number): Outcome {
    const outcome = this.word(block + index * SIZE_WORD);
    const link = index === 0 ? linkOf(this.k, this.pid, block) : null;
    if (link === null) return outcome;
    return { ...outcome, library: { ...outcome.library, link: link === 0 ? 'end' : this.place(link) } };
  }

  /** `heap+704`; a damaged link leads elsewhere. */
  private place(address: number): string {
    const heap = heapExtent(this.k, this.pid);
    const inHeap = heap !== null && address >= heap.start && address < heap.end;
    return inHeap ? `heap+${address - heap.start}` : 'outside';
  }

  /** A call came back with a block or with NULL, and the name stands for that. */
  private got(name: string, block: number, asked: number): Outcome {
    setPointer(this.k, this.pid, name, { address: block, asked, event: this.id });
    if (block === 0) return this.nothing();
    const usable = this.usable(block);
    const { givenTwice } = recordBlock(this.k, this.pid, { address: block, asked, usable, born: this.id });
    if (givenTwice) noteDamage(this.k, this.pid, block, usable, DAMAGE.GIVEN_TWICE);
    emit(this.k.events, EVENT.BLOCK_GIVEN, pageOfAddress(block), -1, block, asked);
    return this.outcome(block);
  }

  private nothing(): Outcome {
    return { ret: 'NULL', errno: this.memory.errno ?? 'ENOMEM', library: { block: null } };
  }

  private outcome(block: number): Outcome {
    const view = this.view(block)!;
    return { ret: placeText(view), library: { block: view } };
  }

  private zeroed(call: Extract<LibraryCall, { op: 'calloc' }>, block: number): Outcome {
    const bytes = call.count * call.bytes;
    const outcome = this.got(call.name, block, bytes);
    if (block === 0) return outcome;
    noteStore(this.k, this.pid, block, bytes);
    return { ...outcome, library: { ...outcome.library, zero: this.memory.isZero(block, bytes) } };
  }

  private resized(
    call: { readonly name: string; readonly target: string },
    asked: number,
    resize: (old: number) => number,
  ): Outcome {
    const { k, pid, id } = this;
    const old = this.address(call.name);
    if (old === 0) return this.got(call.target, resize(0), asked);
    const usable = this.usable(old);
    const block = resize(old);
    if (block === 0 && asked === 0) return this.freedByResize(call.target, old, usable);
    if (block === 0) {
      setPointer(k, pid, call.target, { address: 0, asked, event: id });
      return this.nothing();
    }
    recordResize(k, pid, old, { address: block, asked, usable: this.usable(block) }, id);
    if (block !== old) {
      emit(k.events, EVENT.BLOCK_FREED, pageOfAddress(old), -1, old, usable);
      markDangling(k, pid, old, id);
    }
    setPointer(k, pid, call.target, { address: block, asked, event: id });
    emit(k.events, EVENT.BLOCK_GIVEN, pageOfAddress(block), -1, block, asked);
    const outcome = this.outcome(block);
    return { ...outcome, library: { ...outcome.library, moved: block !== old } };
  }

  /** realloc to nothing is a free, and NULL without an error. */
  private freedByResize(target: string, old: number, usable: number): Outcome {
    this.noteFree(old, usable);
    setPointer(this.k, this.pid, target, { address: 0, asked: 0, event: this.id });
    return { ret: 'NULL', library: { block: null } };
  }

  private free(library: BlockAllocator, address: number): void {
    const usable = blockAt(this.k, this.pid, address)?.usable ?? 0;
    const mapped = address !== 0 && looksMapped(this.k, this.pid, address);
    library.free(address);
    if (address === 0) return;
    this.noteFree(address, usable);
    const pages = wholePages(address, usable);
    if (this.k.rules.freedBlocksLeave && !mapped && pages.length > 0) this.memory.dontneed(pages.start, pages.length);
  }

  private noteFree(address: number, usable: number): void {
    const { k, pid, id } = this;
    emit(k.events, EVENT.BLOCK_FREED, pageOfAddress(address), -1, address, usable);
    recordFree(k, pid, address, id);
    markDangling(k, pid, address, id);
  }

  private loop(call: Extract<LibraryCall, { op: 'loop' }>, library: BlockAllocator): Outcome {
    let last: Outcome = {};
    for (const name of loopNames(call)) {
      if (call.action === 'free') this.free(library, this.address(name));
      else last = this.got(name, library.malloc(call.bytes), call.bytes);
      // A process that the out-of-memory killer chose does not go on.
      if (this.k.tasks.dying[this.pid] === 1) break;
    }
    return last;
  }

  private usable(block: number): number {
    return this.view(block)!.usable;
  }

  private view(block: number): BlockView | null {
    return blockViewOf(this.k, this.pid, block);
  }
}

const number = (value: number): Outcome => ({ ret: value, library: { value } });
