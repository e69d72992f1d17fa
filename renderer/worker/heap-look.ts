import { EVENT } from '../../engine/base/event-kinds.ts';
import { PAGE_SIZE } from '../../engine/base/units.ts';
import { blocksOf, heapListsOf, heapReport, pointersOf, type HeapChunk } from '../../engine/kernel/heap/index.ts';
import type { KernelState } from '../../engine/kernel/index.ts';
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
  const heap = report.chunks.map((chunk, i) =>
    brickOf(chunk, { own: i === 0 && chunk.block === null, pins: i === report.pin, fresh, dangling }),
  );
  const bricks = [...(heap.length > MOST_BRICKS ? foldBricks(heap) : heap), ...mappedBricks(k, pid, report, fresh)];
  return {
    pid,
    start: report.start,
    end: report.end,
    inUse: report.inUse,
    cached: sizeIn(report.chunks, ['tcache', 'fast']),
    binned: sizeIn(report.chunks, ['unsorted', 'small', 'large']),
    top: report.top,
    largestFree: report.largestFree,
    pinned: report.pinned,
    asked: report.asked,
    usable: report.usable,
    blocks: report.blocks,
    mapped: report.mapped,
    bricks,
    lists: listsOf(k, pid, report.chunks, fresh),
  };
}

const sizeIn = (chunks: readonly HeapChunk[], states: readonly string[]): number =>
  chunks.reduce((sum, { state, size }) => sum + (states.includes(state) ? size : 0), 0);

/** Headers of the chunks that a step moved, gave out or took back. */
function touchedChunks(k: KernelState, pid: number, firstEvent: number, endEvent: number): ReadonlySet<number> {
  const { events } = k;
  const touched = new Set<number>();
  for (let id = firstEvent; id < endEvent; id++) {
    const at = id - events.first;
    if (events.pid[at] !== pid) continue;
    const kind = events.kind[at];
    if (kind === EVENT.CHUNK_MOVED) touched.add(events.b[at]!);
    if (kind === EVENT.BLOCK_GIVEN || kind === EVENT.BLOCK_FREED) touched.add(events.a[at]! - HEADER);
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
    const chunk = chunks.find((each) => each.address < address && address < each.address + each.size);
    if (chunk !== undefined) found.set(chunk.address, [...(found.get(chunk.address) ?? []), name]);
  }
  return found;
}

interface Marks {
  readonly own: boolean;
  readonly pins: boolean;
  readonly fresh: ReadonlySet<number>;
  readonly dangling: ReadonlyMap<number, readonly string[]>;
}

function brickOf({ address, size, state, block, names }: HeapChunk, marks: Marks): Brick {
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
    fresh: marks.fresh.has(address),
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
      fresh: fresh.has(address - HEADER),
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
  return heapListsOf(k, pid).map(({ kind, index, chunks: listed, broken }) => {
    const size = sizes.get(listed[0] ?? -1) ?? 0;
    const state = chunks.find(({ address }) => address === listed[0])?.state;
    const title =
      kind === 'tcache' ? `tcache ${size}`
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
