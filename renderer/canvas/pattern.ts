import type { Box } from './draw-list.ts';
import type { Pattern } from './theme.ts';

/** Dark enough to be seen in greyscale, light enough to leave the colour. */
const INK = 'rgba(8, 14, 20, 0.34)';
/** Distance of lines and dots: grows with the cell, so that a pattern looks the same at every size. */
const stepFor = (box: Box): number => Math.max(5.5, Math.min(box.w, box.h) * 0.17);

/** Draws an owner's pattern into a box; the caller has clipped where it may go. */
export function applyPattern(ctx: CanvasRenderingContext2D, pattern: Pattern, box: Box): void {
  if (pattern === 'plain') return;
  const step = stepFor(box);
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.w, box.h);
  ctx.clip();
  ctx.strokeStyle = INK;
  ctx.fillStyle = INK;
  ctx.lineWidth = step * 0.2;
  ctx.beginPath();
  const right = box.x + box.w;
  const bottom = box.y + box.h;
  if (pattern === 'diagonal' || pattern === 'cross') {
    for (let x = box.x - box.h; x < right; x += step) {
      ctx.moveTo(x, bottom);
      ctx.lineTo(x + box.h, box.y);
    }
  }
  if (pattern === 'cross') {
    for (let x = box.x - box.h; x < right; x += step) {
      ctx.moveTo(x, box.y);
      ctx.lineTo(x + box.h, bottom);
    }
  }
  if (pattern === 'horizontal') {
    for (let y = box.y + step / 2; y < bottom; y += step) {
      ctx.moveTo(box.x, y);
      ctx.lineTo(right, y);
    }
  }
  if (pattern === 'vertical') {
    for (let x = box.x + step / 2; x < right; x += step) {
      ctx.moveTo(x, box.y);
      ctx.lineTo(x, bottom);
    }
  }
  ctx.stroke();
  if (pattern === 'dots') {
    for (let y = box.y + step / 2; y < bottom; y += step) {
      for (let x = box.x + step / 2; x < right; x += step) {
        ctx.beginPath();
        ctx.arc(x, y, step * 0.21, 0, Math.PI * 2);
        ctx.fill();
      }
    }
  }
  ctx.restore();
}
