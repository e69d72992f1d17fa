import { checkHeap } from '../malloc/index.ts';
import { DESIGN_NAMES, DESIGNS } from '../malloc/designs/index.ts';
import { designOf } from '../kernel/heap/chosen-design.ts';
import { designedHeap, heapOf } from '../kernel/heap/heap-state.ts';
import { isUnsorted } from '../kernel/heap/unsorted.ts';
import { blocksOf, byteStates, heapReport, pointersOf, type HeapChunk } from '../kernel/heap/index.ts';
import type { KernelState } from '../kernel/index.ts';
import type { FuzzCase } from './fuzz-script.ts';
import type { Watch } from './fuzz.ts';
import { Random } from './random.ts';

/** Sizes of all kinds: tcache, fastbins, small and large bins, mappings. Bytes. */
const RANGES = [
  [0, 64],
  [1, 1100],
  [1000, 20_000],
  [20_000, 260_000],
] as const;

/**
 * Processes that allocate, write within what they asked for, and free what is theirs, while others fork, end and take
 * the frames: nothing here damages a heap. Pointers are known to the script only as names; what fails stays NULL.
 */
export function heapCase(seed: number, commands: number): FuzzCase {
  const random = new Random(seed);
  // Every other program has another allocator than glibc's, which has fewer calls.
  const design = seed % 2 === 0 ? random.pick(DESIGN_NAMES) : 'glibc';
  const all = design === 'glibc';
  const options = { ramPages: random.pick([96, 160, 512]), swapPages: 0, seed, overcommit: 1, image: 'bare' } as const;
  const live = new Map<string, Map<string, number>>([['p0', new Map()]]);
  let [nextName, nextTask] = [0, 1];
  const line = (): string => {
    const task = random.pick([...live.keys()]);
    const own = live.get(task)!;
    const dice = random.next();
    const [from, to] = random.pick(RANGES);
    const bytes = random.integer(from, to);
    const known = own.size === 0 ? null : random.pick([...own.keys()]);
    if (dice < 0.4 || known === null) {
      const name = `n${nextName++}`;
      own.set(name, bytes);
      const how = random.pick(['malloc', 'malloc', 'malloc', 'calloc', ...(all ? ['valloc', 'memalign'] : [])]);
      return `${task} ${how} ${name} ${how === 'memalign' ? '64 ' : how === 'calloc' ? '1 ' : ''}${bytes}`;
    }
    if (dice < 0.68) {
      own.delete(known);
      return `${task} free ${known}`;
    }
    if (dice < 0.78) {
      own.set(known, Math.max(1, bytes));
      return `${task} realloc ${known} ${Math.max(1, bytes)}`;
    }
    if (dice < 0.9) return `${task} fill ${known} ${random.integer(1, 250)} ${own.get(known)!}`;
    if (dice < 0.93) return all ? `${task} trim ${random.pick([0, 4096, 65_536])}` : `${task} usable ${known}`;
    if (dice < 0.97 && live.size < 4 && nextTask < 100) {
      const child = `p${nextTask++}`;
      live.set(child, new Map(own));
      return `${task} fork ${child}`;
    }
    if (live.size === 1) return all ? `${task} mallinfo` : `${task} show ${known}`;
    live.delete(task);
    return `${task} exit`;
  };
  const lines = Array.from({ length: commands }, line);
  return { seed, options, vocabulary: 'all', lines: [`p0 allocator ${design}`, ...lines] };
}

/** After every command: the heaps are in order, and what the lab remembers of them is true. */
export const heapWatch = (k: KernelState): Watch => {
  return () => heapProblem(k);
};

/** In a ring: the allocator's watcher has to know which. */
const isSorted = (state: string): boolean => ['unsorted', 'small', 'large'].includes(state);

/**
 * A window on one byte behind a chunk's links says what the walk over all chunks and lists says; blocks of the program
 * are told by what was written.
 */
function tellsBytes(k: KernelState, pid: number, chunk: HeapChunk): boolean {
  const { address, size, state, data, block } = chunk;
  if (size < 80 || data === 0) return true;
  const [byte] = byteStates(k, pid, data + 40, 1);
  if (block !== null) return block.asked <= 40 ? byte === 'slack' : byte === 'uninitialised' || byte === 'written';
  if (state === 'inUse') return byteStates(k, pid, address + 24, 1)[0] === 'metadata';
  return byte === (state === 'top' ? 'top' : 'freed');
}

export function heapProblem(k: KernelState): string | null {
  for (let pid = 0; pid < k.tasks.rows; pid++) {
    if (k.tasks.used[pid] !== 1) continue;
    const designed = designedHeap(k, pid);
    const view = designed?.view ?? heapOf(k, pid);
    if (view === null) continue;
    const [broken] = designed === null ? checkHeap(view) : DESIGNS[designOf(k, pid)].check(view);
    if (broken !== undefined) return `heap of p${pid}: ${broken}`;
    const report = heapReport(k, pid);
    if (report.held < report.free + report.chunkBytes) return `heap of p${pid}: it has more than it holds`;
    if (report.inUse + report.free !== report.end - report.start) return `heap of p${pid}: chunks do not fill it`;
    const mistold = report.chunks.find((chunk) => !tellsBytes(k, pid, chunk));
    if (mistold !== undefined) return `p${pid}: bytes of the chunk at ${mistold.address} are not ${mistold.state}`;
    const wrong = report.chunks.find(
      ({ address, state }) => isSorted(state) && isUnsorted(k, pid, address) !== (state === 'unsorted'),
    );
    if (wrong !== undefined)
      return `p${pid}: the chunk at ${wrong.address} is ${wrong.state}, and remembered otherwise`;
    const blocks = blocksOf(k, pid).filter((block) => block.freed === 0);
    const inHeap = report.chunks.filter((chunk) => chunk.block !== null).length;
    const mapped = blocks.filter(({ address }) => address < report.start || address >= report.end).length;
    if (inHeap + mapped !== blocks.length)
      return `p${pid}: ${blocks.length} blocks, ${inHeap} chunks, ${mapped} mapped`;
    for (const { name, address, freed } of pointersOf(k, pid)) {
      const known = blocks.some((block) => block.address === address);
      if (address !== 0 && freed === 0 && !known) return `p${pid}: ${name} points at no block and does not dangle`;
    }
  }
  return null;
}
