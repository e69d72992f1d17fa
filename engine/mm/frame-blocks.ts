import { FRAME } from '../base/flags.ts';
import { MAX_PAGE_ORDER } from '../base/limits.ts';
import { columnOf, type TableCore } from '../base/table.ts';
import type { FRAME_SPEC, FrameTable } from './table-specs.ts';
import type { MemoryState } from './state.ts';

/**
 * Frames in blocks of the largest order. A block that was never touched since boot is as boot made it, so that whoever
 * saves, compares or hashes the state passes over it: a machine of 4 GiB costs what of it was used.
 * page-alloc.ts touches a block whenever one of its frames, or a link of its free list, changes.
 */
const BLOCK_SHIFT = MAX_PAGE_ORDER;
export const BLOCK_FRAMES = 2 ** BLOCK_SHIFT;

export const blocksOf = (frames: number): number => Math.ceil(frames / BLOCK_FRAMES);

/** One row per block. */
export const FRAME_BLOCK_SPEC = { touched: 'u8' } as const;

/** What the columns of a frame hold before it is handed out for the first time, where it is not 0. */
const BLANK: Partial<Record<keyof typeof FRAME_SPEC, number>> = {
  rmap: -1,
  content: -1,
  object: -1,
  prev: -1,
  next: -1,
  hashNext: -1,
  slot: -1,
  lruPrev: -1,
  lruNext: -1,
};

/** A machine's frames before boot: all the kernel's. */
export function makeFramesBlank(frames: FrameTable): void {
  frames.kind.fill(FRAME.KERNEL);
  frames.refcount.fill(1);
  for (const [name, value] of Object.entries(BLANK)) columnOf(frames as unknown as TableCore, name).fill(value);
}

/** The block's bytes are no longer those of boot. */
export function touchBlock(k: MemoryState, frame: number): void {
  k.frameBlocks.touched[frame >> BLOCK_SHIFT] = 1;
}

/** Whoever may write anywhere, as without protection, touches all there is. */
export function touchAllBlocks(k: MemoryState): void {
  k.frameBlocks.touched.fill(1, 0, k.frameBlocks.rows);
}

/** All free blocks are laid out: those of the largest order are what boot made, from here on. */
export function startBlocks(k: MemoryState, from: number): void {
  const { touched } = k.frameBlocks;
  touched.fill(1, 0, k.frameBlocks.rows);
  touched.fill(0, ...fullBlocks(k, from));
}

/** First and behind the last of the blocks that are free as a whole at boot. */
function fullBlocks(k: MemoryState, from: number): readonly [number, number] {
  return [Math.ceil(from / BLOCK_FRAMES), Math.floor(k.machine.totalFrames[0]! / BLOCK_FRAMES)];
}

/** Was none of the frames [from, to) touched? */
export function areUntouched(k: MemoryState, from: number, to: number): boolean {
  const { touched } = k.frameBlocks;
  for (let block = from >> BLOCK_SHIFT; block < Math.ceil(to / BLOCK_FRAMES); block++) {
    if (touched[block] === 1) return false;
  }
  return true;
}

/** Runs of frames, start inclusive and end exclusive, outside of which all frames are free and as at boot. */
export function touchedRuns(k: MemoryState): (readonly [number, number])[] {
  const { touched, rows } = k.frameBlocks;
  const runs: (readonly [number, number])[] = [];
  for (let block = 0; block < rows; block++) {
    if (touched[block] === 0) continue;
    const from = block;
    while (block < rows && touched[block] === 1) block++;
    runs.push([from * BLOCK_FRAMES, Math.min(block * BLOCK_FRAMES, k.machine.totalFrames[0]!)]);
  }
  return runs;
}

/** What boot left in a column of a frame that lies in a block of the largest order. */
export function blankValue(k: MemoryState, column: string, frame: number): number {
  if (column === 'kind') return FRAME.FREE;
  const rest = BLANK[column as keyof typeof FRAME_SPEC] ?? 0;
  return frame % BLOCK_FRAMES === 0 ? blankHead(k, column, frame, rest) : rest;
}

/** One column of the frames of whole blocks [from, to) as boot made it. */
export function blankFrames(k: MemoryState, column: string, from: number, to: number): void {
  const frames = columnOf(k.frames as unknown as TableCore, column);
  frames.fill(blankValue(k, column, from + 1), from, to);
  for (let head = from; head < to; head += BLOCK_FRAMES) frames[head] = blankValue(k, column, head);
}

/** Free blocks of the largest order hang together in the order of their addresses. */
function blankHead(k: MemoryState, column: string, head: number, rest: number): number {
  const [first, behind] = fullBlocks(k, k.machine.reserved[0]!);
  if (column === 'head') return 1;
  if (column === 'order') return MAX_PAGE_ORDER;
  if (column === 'prev') return head > first * BLOCK_FRAMES ? head - BLOCK_FRAMES : -1;
  if (column === 'next') return head + BLOCK_FRAMES < behind * BLOCK_FRAMES ? head + BLOCK_FRAMES : -1;
  return rest;
}
