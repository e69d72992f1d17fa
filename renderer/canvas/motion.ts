import type { WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import { isCell, type Box, type CellItem, type DrawList } from './draw-list.ts';
import { fillPart } from './paint-basics.ts';
import { keyOf } from './scene.ts';
import type { PictureTheme } from './theme.ts';

/** Milliseconds that a copy takes to slide from the frame copied to the copy. */
export const SLIDE_MS = 260;
/** More copies than this at once would be a swarm, which explains nothing. */
const MAX_SLIDES = 8;

export interface Slide {
  readonly from: Box;
  readonly to: Box;
  readonly pid: number;
}

/**
 * What moves when a step has just been done: each copied frame slides to its copy, a page written to swap to its slot,
 * and back. Nothing else moves.
 */
export function slidesOf(snapshot: WindowSnapshot, list: DrawList): Slide[] {
  const count = snapshot.copies.length + snapshot.moves.length;
  if (count === 0 || count > MAX_SLIDES) return [];
  const boxes = new Map<string, CellItem>();
  for (const cell of list.items) if (isCell(cell)) boxes.set(keyOf(cell.target), cell);
  const frame = (n: number): CellItem | undefined => boxes.get(keyOf({ kind: 'frame', frame: n }));
  const slides: Slide[] = [];
  const slide = (from: CellItem | undefined, to: CellItem | undefined, pid: number): void => {
    if (from !== undefined && to !== undefined) slides.push({ from, to, pid });
  };
  for (const { from, to, pid } of snapshot.copies) slide(frame(from), frame(to), pid);
  for (const move of snapshot.moves) {
    const slot = boxes.get(keyOf({ kind: 'slot', slot: move.slot }));
    // The side that still holds the page knows whose it is.
    const pid = slot?.owners[0] ?? frame(move.frame)?.owners[0] ?? 0;
    if (move.way === 'out') slide(frame(move.frame), slot, pid);
    else slide(slot, frame(move.frame), pid);
  }
  return slides;
}

/** Slow at both ends. */
const ease = (t: number): number => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);

/** @param progress 0 at the start, 1 at the end */
export function paintSlides(
  ctx: CanvasRenderingContext2D,
  slides: readonly Slide[],
  progress: number,
  theme: PictureTheme,
): void {
  const t = ease(Math.max(0, Math.min(1, progress)));
  for (const { from, to, pid } of slides) {
    const box = {
      x: from.x + (to.x - from.x) * t,
      y: from.y + (to.y - from.y) * t,
      w: from.w + (to.w - from.w) * t,
      h: from.h + (to.h - from.h) * t,
    };
    ctx.save();
    ctx.globalAlpha = 0.92;
    ctx.beginPath();
    ctx.roundRect(box.x, box.y, box.w, box.h, 5);
    ctx.save();
    ctx.clip();
    fillPart(ctx, box, pid);
    ctx.restore();
    ctx.lineWidth = 2.5;
    ctx.strokeStyle = theme.accent;
    ctx.stroke();
    ctx.restore();
  }
}
