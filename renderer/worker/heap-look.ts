import { EVENT } from '../../engine/base/event-kinds.ts';
import { PAGE_SIZE } from '../../engine/base/units.ts';
import {
  blocksOf,
  heapListsOf,
  heapReport,
  isOwn,
  pointersOf,
  type HeapChunk,
} from '../../engine/kernel/heap/index.ts';
import { runningPrograms, type KernelState } from '../../engine/kernel/index.ts';
import type { Brick, BrickState, FreeList, HeapLook } from '../../engine/protocol/heap-look.ts';

/** Bricks that are drawn one by one; beyond it neighbours that are alike become one. */
const MOST_BRICKS = 160;
/** Chunks of one list that are named. */
const MOST_IN_LIST = 10;
/** From a chunk's header to its block. */
const HEADER = 16;

/**
 * The heap of a process; null while it has none.
 * @param firstEvent @param endEvent events of the step just done
 */
export function lookAtHeap(k: KernelState, pid: number, firstEvent: number, endEvent: number): HeapLook | null {
  const report = heapReport(k, pid);
  if (report.end === 0) return null;
  const fresh = touchedChunks(k, pid, firstEvent, endEvent);
  const dangling = danglingNames(k, pid, report.chunks);
  // Of what a C program asks for nothing is written down; the allocator's own chunk is the first.
  const isCProgram = (runningPrograms(k) as readonly number[]).includes(pid);
  const heap = report.chunks.map((chunk, i) =>
    brickOf(chunk, { own: isCProgram ? i === 0 : isOwn(chunk), pins: i === report.pin, fresh, dangling }),
  );
  const bricks = [
    ...(heap.length > MOST_BRICKS ? foldBricks(heap) : heap),
    ...report.apart.map(directoryBrick),
    ...mappedBricks(k, pid, report, fresh),
  ];
  return {
    pid,
    design: report.design,
    start: report.start,
    end: report.end,
    inUse: report.inUse,
    cached: sizeIn(report.chunks, ['tcache', 'fast']),
    binned: sizeIn(report.chunks, ['unsorted', 'small', 'large', 'free']),
    top: report.top,
    largestFree: report.largestFree,
    pinned: report.pinned,
    asked: report.asked,
    usable: report.usable,
    blocks: report.blocks,
    mapped: report.mapped,
    internal: report.internal,
    external: report.external,
    held: report.held,
    peak: report.peak,
    systemCalls: report.systemCalls,
    bricks,
    lists: listsOf(k, pid, report.chunks, fresh),
  };
}

const sizeIn = (chunks: readonly HeapChunk[], states: readonly string[]): number =>
  chunks.reduce((sum, { state, size }) => sum + (states.includes(state) ? size : 0), 0);

/** Headers of the chunks that a step moved, and pointers that it gave out or took back. */
function touchedChunks(k: KernelState, pid: number, firstEvent: number, endEvent: number): ReadonlySet<number> {
  const { events } = k;
  const touched = new Set<number>();
  for (let id = firstEvent; id < endEvent; id++) {
    const at = id - events.first;
    if (events.pid[at] !== pid) continue;
    const kind = events.kind[at];
    if (kind === EVENT.CHUNK_MOVED) touched.add(events.b[at]!);
    if (kind === EVENT.BLOCK_GIVEN || kind === EVENT.BLOCK_FREED) touched.add(events.a[at]!);
  }
  return touched;
}

/** Names that stand for freed blocks, by the header of the chunk that their bytes belong to now. */
function danglingNames(
  k: KernelState,
  pid: number,
  chunks: readonly HeapChunk[],
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { name, address, freed } of pointersOf(k, pid)) {
    if (freed === 0 || address === 0) continue;
    const chunk = chunkAround(chunks, address);
    if (chunk !== undefined) found.set(chunk.address, [...(found.get(chunk.address) ?? []), name]);
  }
  return found;
}

/** The chunk that an address lies in. Chunks are in order of addresses. */
function chunkAround(chunks: readonly HeapChunk[], address: number): HeapChunk | undefined {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunks[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const found = chunks[low - 1];
  return found !== undefined && address < found.address + found.size ? found : undefined;
}

interface Marks {
  readonly own: boolean;
  readonly pins: boolean;
  readonly fresh: ReadonlySet<number>;
  readonly dangling: ReadonlyMap<number, readonly string[]>;
}

function brickOf({ address, size, state, data, block, names }: HeapChunk, marks: Marks): Brick {
  const dangling = marks.dangling.get(address) ?? [];
  return {
    address,
    size,
    chunks: 1,
    state: state as BrickState,
    names: names.filter((name) => !dangling.includes(name)),
    dangling,
    asked: block?.asked ?? null,
    usable: block?.usable ?? null,
    own: marks.own,
    pins: marks.pins,
    fresh: marks.fresh.has(address) || marks.fresh.has(data),
    page: Math.floor(address / PAGE_SIZE),
  };
}

/** What an allocator keeps apart from its blocks. */
function directoryBrick({ address, bytes }: { readonly address: number; readonly bytes: number }): Brick {
  const none = { names: [], dangling: [], asked: null, usable: null, pins: false, fresh: false } as const;
  return {
    ...none,
    address,
    size: bytes,
    chunks: 1,
    state: 'mapped',
    own: true,
    page: Math.floor(address / PAGE_SIZE),
  };
}

/** Neighbours in one state that have no name and were not touched become one brick. */
function foldBricks(bricks: readonly Brick[]): Brick[] {
  const folded: Brick[] = [];
  const plain = (brick: Brick): boolean =>
    !brick.fresh && !brick.pins && !brick.own && brick.names.length === 0 && brick.dangling.length === 0;
  for (const brick of bricks) {
    const last = folded.at(-1);
    if (last === undefined || last.state !== brick.state || !plain(last) || !plain(brick)) {
      folded.push(brick);
      continue;
    }
    folded[folded.length - 1] = {
      ...last,
      size: last.size + brick.size,
      chunks: last.chunks + 1,
      asked: null,
      usable: null,
    };
  }
  return folded;
}

/** Live blocks outside of the heap: mappings of their own. */
function mappedBricks(
  k: KernelState,
  pid: number,
  { start, end }: { readonly start: number; readonly end: number },
  fresh: ReadonlySet<number>,
): Brick[] {
  const names = new Map<number, string[]>();
  for (const { name, address, freed } of pointersOf(k, pid)) {
    if (freed === 0) names.set(address, [...(names.get(address) ?? []), name]);
  }
  return blocksOf(k, pid)
    .filter(({ address, freed }) => freed === 0 && (address < start || address >= end))
    .slice(0, MOST_BRICKS)
    .map(({ address, asked, usable }) => ({
      address: address - HEADER,
      size: usable + HEADER,
      chunks: 1,
      state: 'mapped',
      names: names.get(address) ?? [],
      dangling: [],
      asked,
      usable,
      own: false,
      pins: false,
      fresh: fresh.has(address),
      page: Math.floor((address - HEADER) / PAGE_SIZE),
    }));
}

function listsOf(
  k: KernelState,
  pid: number,
  chunks: readonly HeapChunk[],
  fresh: ReadonlySet<number>,
): readonly FreeList[] {
  const sizes = new Map(chunks.map(({ address, size }) => [address, size]));
  return heapListsOf(k, pid).map(({ kind, index, title: name, chunks: listed, broken }) => {
    const size = sizes.get(listed[0] ?? -1) ?? 0;
    const state = chunkAround(chunks, listed[0] ?? -1)?.state;
    const title =
      kind === 'design' ? name
      : kind === 'tcache' ? `tcache ${size}`
      : kind === 'fastbin' ? `fastbin ${size}`
      : state === 'unsorted' || index === 1 ? 'unsorted'
      : state === 'large' ? 'large bin' : `small bin ${size}`; // prettier-ignore
    return {
      title,
      chunks: listed
        .slice(0, MOST_IN_LIST)
        .map((address) => ({ address, size: sizes.get(address) ?? 0, fresh: fresh.has(address) })),
      more: Math.max(0, listed.length - MOST_IN_LIST),
      broken,
    };
  });
}
