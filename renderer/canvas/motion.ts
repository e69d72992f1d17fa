import type { WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import { isCell, type Box, type DrawList } from './draw-list.ts';
import { fillPart } from './paint-basics.ts';
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

/** What moves when a step has just been done: each copied frame slides to its copy. Nothing else moves. */
export function slidesOf(snapshot: WindowSnapshot, list: DrawList): Slide[] {
  if (snapshot.copies.length === 0 || snapshot.copies.length > MAX_SLIDES) return [];
  const boxes = new Map<number, Box>();
  for (const cell of list.items) {
    if (isCell(cell) && cell.target.kind === 'frame') boxes.set(cell.target.frame, cell);
  }
  return snapshot.copies.flatMap(({ from, to, pid }) => {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    return start === undefined || end === undefined ? [] : [{ from: start, to: end, pid }];
  });
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
