import type { Box } from './draw-list.ts';
import { applyPattern } from './pattern.ts';
import { ownerColour, ownerPattern } from './theme.ts';

export type Context = CanvasRenderingContext2D;

export const SANS = "'Inter Variable', system-ui, sans-serif";
export const MONO = "'JetBrains Mono Variable', ui-monospace, monospace";

export function round(ctx: Context, box: Box, radius: number): void {
  ctx.beginPath();
  ctx.roundRect(box.x, box.y, box.w, box.h, Math.min(radius, box.w / 2, box.h / 2));
}

export function fillPart(ctx: Context, box: Box, pid: number): void {
  ctx.fillStyle = ownerColour(pid);
  ctx.fillRect(box.x, box.y, box.w, box.h);
  applyPattern(ctx, ownerPattern(pid), box);
}

/** A thin line inside of a box: for themes in which grounds are alike. */
export function paintEdge(ctx: Context, box: Box, radius: number, colour: string): void {
  round(ctx, { x: box.x + 0.5, y: box.y + 0.5, w: box.w - 1, h: box.h - 1 }, radius);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colour;
  ctx.stroke();
}
