import { assert } from '../base/assert.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME, type FrameKind } from '../base/flags.ts';
import { MAX_PAGE_ORDER } from '../base/limits.ts';
import type { EventId, Pfn } from '../base/units.ts';
import { startBlocks, touchBlock } from './frame-blocks.ts';
import { forgetContent } from './frame-bytes.ts';
import { lruRemove } from './lru-list.ts';
import type { MemoryState } from './state.ts';
import { makeRoomByKilling, wakeKswapd } from './pressure.ts';
import { minMark, watermarks } from './watermarks.ts';

/**
 * The buddy allocator. Free memory is blocks of 2^order frames; a request splits the smallest block that fits, a freed
 * block joins its buddy as long as that is free too.
 * Source: Linux 6.x mm/page_alloc.c __rmqueue_smallest, expand, __free_one_page; simplified: one zone, no
 * migrate types, and per-CPU lists only while a command runs.
 */

function pushFree(k: MemoryState, frame: number, order: number): void {
  const { frames, freeArea } = k;
  const first = freeArea.first[order]!;
  touchBlock(k, frame);
  if (first >= 0) touchBlock(k, first);
  frames.head[frame] = 1;
  frames.order[frame] = order;
  frames.prev[frame] = -1;
  frames.next[frame] = first;
  if (first >= 0) frames.prev[first] = frame;
  freeArea.first[order] = frame;
  freeArea.count[order]!++;
}

function takeFree(k: MemoryState, frame: number, order: number): void {
  const { frames, freeArea } = k;
  const prev = frames.prev[frame]!;
  const next = frames.next[frame]!;
  touchBlock(k, frame);
  if (prev >= 0) touchBlock(k, prev);
  if (next >= 0) touchBlock(k, next);
  if (prev >= 0) frames.next[prev] = next;
  else freeArea.first[order] = next;
  if (next >= 0) frames.prev[next] = prev;
  frames.head[frame] = 0;
  frames.prev[frame] = -1;
  frames.next[frame] = -1;
  freeArea.count[order]!--;
}

/** Joins a block with its buddies and puts it on the free list. */
function freeBlock(k: MemoryState, start: number, startOrder: number): void {
  const { frames, machine } = k;
  let frame = start;
  let order = startOrder;
  while (order < MAX_PAGE_ORDER) {
    const buddy = frame ^ (1 << order);
    const whole = buddy + (1 << order) <= machine.totalFrames[0]!;
    if (!whole || frames.head[buddy] !== 1 || frames.order[buddy] !== order) break;
    takeFree(k, buddy, order);
    frame = Math.min(frame, buddy);
    order++;
  }
  pushFree(k, frame, order);
}

/**
 * Hands all frames from `from` on to the allocator, at boot, as blocks that are as large as can be. From the top down,
 * so that the first allocations are the lowest frames.
 */
export function handOverFrames(k: MemoryState, from: number): void {
  const { frames, machine } = k;
  const total = machine.totalFrames[0]!;
  frames.kind.fill(FRAME.FREE, from, total);
  frames.refcount.fill(0, from, total);
  machine.freeFrames[0]! += total - from;
  for (let end = total; end > from;) {
    let order = 0;
    while (order < MAX_PAGE_ORDER && end % 2 ** (order + 1) === 0 && end - 2 ** (order + 1) >= from) order++;
    end -= 2 ** order;
    pushFree(k, end, order);
  }
  startBlocks(k, from);
}

/**
 * One frame, its content zero, its reference count 1.
 * @returns null when no frame is free
 */
export const allocFrame = (k: MemoryState, kind: FrameKind): Pfn | null => allocBlock(k, 0, kind);

/**
 * 2^wanted frames in a row, each with its own reference.
 * @returns the first, or null when no free block is large enough
 */
export function allocBlock(k: MemoryState, wanted: number, kind: FrameKind): Pfn | null {
  if (k.failAllocation > 0 && --k.failAllocation === 0) return null;
  const lately = wanted === 0 && kind !== FRAME.TABLE ? takeFreedLately(k) : -1;
  return lately >= 0 ? handOut(k, lately, 0, kind) : fromFreeLists(k, wanted, kind);
}

function fromFreeLists(k: MemoryState, wanted: number, kind: FrameKind): Pfn | null {
  const { freeArea } = k;
  let order = wanted;
  while (order <= MAX_PAGE_ORDER && freeArea.first[order]! < 0) order++;
  if (order > MAX_PAGE_ORDER) {
    if (k.freedLately.length === 0) return null;
    settleFreed(k);
    return fromFreeLists(k, wanted, kind);
  }
  const frame = freeArea.first[order]!;
  takeFree(k, frame, order);
  // expand(): the upper halves go back, the largest first.
  while (order > wanted) {
    order--;
    pushFree(k, frame + (1 << order), order);
  }
  return handOut(k, frame, wanted, kind);
}

function handOut(k: MemoryState, frame: number, wanted: number, kind: FrameKind): Pfn {
  const { machine } = k;
  const event =
    wanted === 0
      ? emit(k.events, EVENT.FRAME_ALLOC, -1, frame, kind)
      : emit(k.events, EVENT.BLOCK_ALLOC, -1, frame, kind, 1 << wanted);
  for (let i = 0; i < 1 << wanted; i++) takeUp(k, frame + i, kind, event);
  machine.freeFrames[0]! -= 1 << wanted;
  machine.allocations[0]!++;
  return frame as Pfn;
}

function takeUp(k: MemoryState, frame: number, kind: FrameKind, event: EventId): void {
  const { frames, machine } = k;
  assert(frames.kind[frame] === FRAME.FREE, 'a frame from a free list is free', frame);
  frames.kind[frame] = kind;
  frames.flags[frame] = 0;
  frames.refcount[frame] = 1;
  frames.mapcount[frame] = 0;
  // A free frame holds something only where nothing kept a program from storing there.
  if (frames.content[frame] !== -1) forgetContent(k, frame);
  frames.serial[frame] = machine.nextSerial[0]!++;
  machine.pgalloc[0]!++;
  frames.event[frame] = event;
}

/** Takes one particular frame, which is free: the block that it is in is split around it. */
export function claimFrame(k: MemoryState, frame: Pfn, kind: FrameKind): void {
  const { frames, machine } = k;
  let order = 0;
  let head = frame as number;
  while (frames.head[head] !== 1 || frames.order[head] !== order) head = frame & ~((1 << ++order) - 1);
  assert(order <= MAX_PAGE_ORDER, `frame ${frame} is in a free block`);
  takeFree(k, head, order);
  while (order > 0) {
    order--;
    const upper = head + (1 << order);
    if (frame >= upper) {
      pushFree(k, head, order);
      head = upper;
    } else {
      pushFree(k, upper, order);
    }
  }
  takeUp(k, frame, kind, 0 as EventId);
  machine.freeFrames[0]!--;
}

/**
 * A frame for a fault or a system call. From the low mark on kswapd is woken, at the min mark the task reclaims itself,
 * and where that finds nothing a task is killed. Source: Linux 6.18 mm/page_alloc.c get_page_from_freelist,
 * __alloc_pages_slowpath, __alloc_pages_may_oom; simplified: one zone, one frame at a time.
 * @param content what goes in: zeros, or all bytes of another page
 * @returns null when the asking task has to give up; it dies once its operation has ended, or the kernel has panicked
 */
export function allocFrameOrKill(k: MemoryState, kind: FrameKind, content: 'zeros' | 'copy' = 'zeros'): Pfn | null {
  const wanted = { kind, zeroed: content === 'zeros' && kind !== FRAME.FILE };
  for (;;) {
    const enough = k.machine.freeFrames[0]! > watermarks(k).low;
    const frame = enough ? allocFrame(k, kind) : allocShort(k, kind);
    if (frame !== null) return frame;
    settleFreed(k);
    if (!makeRoomByKilling(k, wanted)) return null;
  }
}

/**
 * A frame for what may be needed soon: from the low mark on kswapd is woken, at the min mark there is none.
 * Source: Linux 6.18 mm/page_alloc.c __alloc_pages_slowpath with __GFP_NORETRY, as readahead_gfp_mask has it;
 * simplified: the task does not reclaim once before it gives up.
 */
export function allocFrameAhead(k: MemoryState, kind: FrameKind): Pfn | null {
  const { min, low } = watermarks(k);
  if (k.machine.freeFrames[0]! <= low) wakeKswapd(k);
  return k.machine.freeFrames[0]! > min ? allocFrame(k, kind) : null;
}

/** Memory is short. @returns null when there is nothing to be had */
function allocShort(k: MemoryState, kind: FrameKind): Pfn | null {
  const { machine } = k;
  // A test lets this one fail: nothing makes room for it.
  if (k.failAllocation === 1) return allocFrame(k, kind);
  const min = minMark(k);
  wakeKswapd(k);
  if (machine.freeFrames[0]! > min) return allocFrame(k, kind);
  while (k.reclaimDirectly(kind)) if (machine.freeFrames[0]! > min) return allocFrame(k, kind);
  return null;
}

/**
 * What became free last is taken first while a command runs: it is still in the processor's own list, and in its cache.
 * Page tables wait for all processors instead, and go to the free blocks.
 * Source: Linux 6.18 mm/page_alloc.c free_frozen_page_commit, rmqueue_pcplist; simplified: the list is empty between
 * commands, and has no limit.
 */
const takeFreedLately = (k: MemoryState): number => k.freedLately.pop() ?? -1;

/** What became free joins the free blocks. Source: Linux 6.18 mm/page_alloc.c free_pcppages_bulk, drain_pages. */
export function settleFreed(k: MemoryState): void {
  for (const frame of k.freedLately.splice(0)) freeBlock(k, frame, 0);
}

/** Gives up one reference; the last one frees the frame. */
export function putFrame(k: MemoryState, frame: Pfn): void {
  const { frames, machine } = k;
  assert(frames.refcount[frame]! > 0, 'a frame has a reference to give up', frame);
  if (--frames.refcount[frame]! > 0) return;
  assert(frames.mapcount[frame] === 0, 'a frame is freed with no page table entry on it', frame);
  const had = frames.kind[frame]!;
  lruRemove(k, frame);
  forgetContent(k, frame);
  frames.kind[frame] = FRAME.FREE;
  frames.flags[frame] = 0;
  frames.object[frame] = -1;
  frames.index[frame] = 0;
  machine.freeFrames[0]!++;
  machine.pgfree[0]!++;
  if (had === FRAME.TABLE) freeBlock(k, frame, 0);
  else k.freedLately.push(frame);
  frames.event[frame] = emit(k.events, EVENT.FRAME_FREE, -1, frame, had);
}

export function getFrame(k: MemoryState, frame: Pfn): void {
  k.frames.refcount[frame]!++;
}
