import type { DesignRun } from '../malloc/designs/index.ts';
import { FLAT_LAYOUT } from '../malloc/index.ts';
import { loopNames } from '../protocol/library-calls.ts';
import type { MallocCommand } from '../player/commands/parse-malloc-command.ts';

/** What one design answered to one command; empty when there is nothing to say, or it has died before. */
export interface DesignCell {
  /** Bytes from the heap's start, null for NULL, `mmap` where it is not in the heap. */
  readonly at?: number | 'mmap' | null;
  readonly errno?: string;
  readonly usable?: number;
  readonly bytes?: readonly number[];
  /** A word in hexadecimal. */
  readonly raw?: string;
  /** The signal that ended it, and what it wrote. */
  readonly died?: string;
  readonly stderr?: string;
}

/** Carries out one command of a malloc script. A death is thrown, see `attempt`. */
export function stepDesign(run: DesignRun, command: MallocCommand): DesignCell {
  const { memory } = run;
  memory.errno = null;
  switch (command.op) {
    case 'malloc':
      return placed(run, run.malloc(command.name, command.bytes));
    case 'calloc':
      return placed(run, run.calloc(command.name, command.count, command.bytes));
    case 'realloc':
      return placed(run, run.realloc(command.name, command.bytes, command.target));
    case 'free':
      run.free(command.name, command.shift);
      return {};
    case 'loop':
      return loop(run, command);
    case 'show':
      return placed(run, run.pointer(command.name));
    case 'usable':
      return { usable: run.allocator.usableSize(run.pointer(command.name)) };
    case 'fill':
      if (command.count > 0) memory.fill(run.pointer(command.name), command.count, command.byte);
      return {};
    case 'poke':
      memory.store8(run.pointer(command.name) + command.offset, command.byte);
      return {};
    case 'bytes': {
      const start = run.pointer(command.name) + command.offset;
      return { bytes: Array.from({ length: command.count }, (_, i) => memory.load8(start + i)) };
    }
    case 'raw': {
      const at = run.pointer(command.name) + command.index * 8;
      const word = (BigInt(memory.load32(at + 4)) << 32n) | BigInt(memory.load32(at));
      return { raw: `0x${word.toString(16)}` };
    }
    // glibc's alone: refused before anything runs. The others change nothing.
    case 'null':
    case 'store':
    case 'reallocarray':
    case 'valloc':
    case 'mallinfo':
    case 'malloc_stats':
    case 'memalign':
    case 'aligned_alloc':
    case 'posix_memalign':
    case 'mallopt':
    case 'trim':
    case 'prev':
    case 'state':
    case 'stats':
      return {};
  }
}

/** Of a loop, the place of the first block. */
function loop(run: DesignRun, command: Extract<MallocCommand, { op: 'loop' }>): DesignCell {
  const { action, bytes } = command;
  const names = loopNames(command);
  let first = 0;
  for (const [i, name] of names.entries()) {
    if (action === 'free') run.free(name);
    else {
      const block = run.malloc(name, bytes);
      if (i === 0) first = block;
    }
  }
  return action === 'malloc' && names.length > 0 ? placed(run, first) : {};
}

function placed(run: DesignRun, block: number): DesignCell {
  if (block === 0) return { at: null, ...(run.memory.errno === null ? {} : { errno: run.memory.errno }) };
  const inHeap = block >= FLAT_LAYOUT.heap && block < run.memory.breakAddress;
  return { at: inHeap ? block - FLAT_LAYOUT.heap : 'mmap', usable: run.allocator.usableSize(block) };
}
